"""The statements of the search, and why they are cut as they are."""

from __future__ import annotations

#: How many of the latest rows of a source are looked through before the word index is asked.
LATEST = 5000
_COLUMNS = "source, key, title, summary, url, at, id"

# Public rows are few: all that match are ranked by how close the words stand and how often the thing is used.
_PUBLIC = """
SELECT source, key, title, summary, url, at, id FROM (
  SELECT source, key, title, summary, url, at, id, score,
         row_number() OVER (PARTITION BY source ORDER BY score DESC, rank DESC, title, id) AS place
  FROM (SELECT *, ts_rank_cd('{{0.1,0.2,0.4,1.0}}', words, %(asked)s::tsquery, 1)
                  * (1 + ln(1 + greatest(rank, 0))) AS score
        FROM search_searchentry WHERE public AND words @@ %(asked)s::tsquery {only}) AS matching
) AS ranked WHERE place <= %(shown)s ORDER BY source, place
"""

# Private rows are wanted latest first, and no word index keeps that order. So in one statement, each of
# the last three parts only running when those before it did not fill the page:
#   own     what belongs to the person, found by scope alone: few rows, whatever the words;
#   recent  the latest rows walked in order: fills the page for any common word in a wide scope;
#   exact   the words as typed, now known to be rare among the latest, so gathering and sorting is cheap;
#   begun   the last word as a beginning: PostgreSQL gathers all words that begin so before it looks at scopes.
# `at + '0'` and `words || ''` keep the planner from indexes that would be wrong there: its guess for
# an overlap of scopes is far off, and a walk for a word that hardly occurs takes ten seconds.
_PRIVATE = """
SELECT source, key, title, summary, url, at, id FROM (
WITH recent AS MATERIALIZED (
  SELECT {columns} FROM (SELECT * FROM search_searchentry WHERE {staff} AND NOT public AND source = %(source{n})s {after}
                 ORDER BY at DESC, id DESC LIMIT %(latest)s) AS latest
  WHERE words @@ %(begun)s::tsquery {scope} ORDER BY at DESC, id DESC LIMIT %(limit)s
), exact AS MATERIALIZED (
  SELECT {columns} FROM search_searchentry WHERE {staff} AND (SELECT count(*) FROM recent) < %(limit)s
    AND NOT public AND source = %(source{n})s AND words @@ %(exact)s::tsquery {scope} {after}
  ORDER BY at + interval '0' DESC, id DESC LIMIT %(limit)s
), begun AS MATERIALIZED (
  SELECT {columns} FROM search_searchentry WHERE {staff} AND %(begun)s::text <> %(exact)s::text
    AND (SELECT count(*) FROM exact) + (SELECT count(*) FROM recent) < %(limit)s
    AND NOT public AND source = %(source{n})s AND words @@ %(begun)s::tsquery {scope} {after}
  ORDER BY at + interval '0' DESC, id DESC LIMIT %(limit)s
), own AS MATERIALIZED (
  SELECT {columns} FROM search_searchentry WHERE NOT public AND source = %(source{n})s
    AND scope && %(person)s::text[] AND (words || ''::tsvector) @@ %(begun)s::tsquery {after}
  ORDER BY at + interval '0' DESC, id DESC LIMIT %(limit)s
)
SELECT * FROM recent UNION SELECT * FROM exact UNION SELECT * FROM begun UNION SELECT * FROM own
) AS every{n} ORDER BY at DESC, id DESC LIMIT %(limit)s
"""


def public_sql(alone: bool) -> str:
    """Public rows, ranked; `alone`: of one source."""
    return _PUBLIC.format(only="AND source = %(only)s" if alone else "")


def private_sql(number: int, *, everything: bool, paged: bool) -> str:
    """Private rows of the source with that number among the parameters; `everything`: without scope."""
    return _PRIVATE.format(
        n=number,
        columns=_COLUMNS,
        staff="true" if everything else f"cardinality(%(units{number})s::text[]) > 0",
        scope="" if everything else f"AND scope && %(units{number})s::text[]",
        after="AND (at, id) < (%(at)s::timestamptz, %(id)s::uuid)" if paged else "",
    )
