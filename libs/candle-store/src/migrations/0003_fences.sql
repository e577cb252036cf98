-- Who may write under a lease: the largest token of each name under which a page was kept. A smaller one is refused.
CREATE TABLE fence (
  name  text COLLATE "C" PRIMARY KEY,
  token bigint NOT NULL
);
