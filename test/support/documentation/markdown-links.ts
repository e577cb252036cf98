/** A link of a Markdown page to a file of the project. */
export interface PageLink {
  /** As it stands in the page, without its anchor; empty for the page itself. */
  readonly path: string;
  /** Without `#`; empty when there is none. */
  readonly anchor: string;
}

const LINK = /\]\(([^)\s]+)\)/g;
const OUTSIDE = /^[a-z]+:/;

/** Every link that does not leave the project; code is no link. */
export function linksOf(page: string): PageLink[] {
  return [...withoutCode(page).matchAll(LINK)]
    .map(([, target = '']) => target)
    .filter((target) => !OUTSIDE.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#');
      return { path, anchor };
    });
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(page: string): string[] {
  const headings = withoutFences(page).matchAll(/^#{1,6} (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutFences(page: string): string {
  return page.replace(/^ *```[^]*?^ *```$/gm, '');
}

function withoutCode(page: string): string {
  return withoutFences(page).replace(/`[^`\n]*`/g, '');
}
