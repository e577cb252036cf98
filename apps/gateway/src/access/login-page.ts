/** Where people log in, with what was wrong with their last try. */
export function loginPage(complaint?: string): string {
  const said = complaint === undefined ? '' : `\n      <p role="alert">${complaint}</p>`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>Candlekeep: log in</title>
    <link rel="stylesheet" href="/admin/login.css" />
  </head>
  <body>
    <form method="post" action="/admin/login">
      <h1>Candlekeep</h1>${said}
      <label for="key">Key with the admin scope</label>
      <input id="key" name="key" type="password" autocomplete="current-password" required autofocus />
      <button>Log in</button>
      <p>The first one is made with <code>npm run keys -- create --name me --scope admin</code>.</p>
    </form>
  </body>
</html>
`;
}

/** Its looks. */
export const LOGIN_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
form { width: min(22rem, 90vw); display: grid; gap: 0.6rem; }
h1 { margin: 0; font-size: 1.4rem; }
input, button { font: inherit; padding: 0.6rem; border-radius: 0.4rem; border: 1px solid #8888; }
button { background: #1f6feb; color: #fff; border: 0; cursor: pointer; }
p { margin: 0; font-size: 0.85rem; opacity: 0.85; overflow-wrap: anywhere; }
[role='alert'] { color: #d1242f; opacity: 1; }
`;
