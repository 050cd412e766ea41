"""A snapshot is published whole or not at all, and readers never see anything else.

This page is the contract with `dashboard`, which reads these tables and shares no Python with us.
A home holds `snapshots/<generation:08d>.duckdb` (state) and `<generation:08d>.party.duckdb` (Party), both
DuckDB files with the tables below, and `CURRENT`, one line: `<generation> <sha256 state> <sha256 party>`.
A path is never used twice. A file that did not change since the generation before is a hard link to it, so
the generation in force is the one in `CURRENT`, not the one in `publication`.
What is Party business (clearance `party`) stands in the Party file alone.

    publication   generation BIGINT, made_at TIMESTAMP (UTC), data_until DATE, whole_until DATE, code_version,
                  contract_sha, schema_version INT, illustrative BOOL, place JSON, manifest JSON
    indicator     id, code, desk, position INT, kind, fact, day, measure, better, adds BOOL, minimum_n INT,
                  rhythm, clearance, sensitive BOOL, owner_vi, owner_en, name_vi, name_en, short_vi, short_en,
                  definition_vi, definition_en, target_value DOUBLE, target_from DATE, target_basis,
                  target_document, target_checked BOOL, legal JSON, spec JSON, sql_numerator, sql_denominator
    unit          unit_id, tree, code, kind, level, name_vi, name_en, valid_from, valid_to, document,
                  parent_id, latitude, longitude, sure
    unit_link     from_unit, to_unit, weight DOUBLE, basis, weight_basis, document
    bridge        basis, indicator ('' = all of that basis), from_unit, to_unit, weight DOUBLE
    calendar      day, is_working, working_number, reason, document, sure
    source        source, name_vi, name_en, fact, owner_vi, owner_en, rhythm, cut_off, mode, clearance,
                  illustrative, last_received_at, data_until, whole_until, rows BIGINT, last_verdict
    delivery      sha256, source, file, bytes, received_at, as_of, verdict, rows_in, rows_loaded,
                  rows_quarantined, rows_skipped, cases, reasons JSON [{code, vi, en}];
                  rows_in = rows_loaded + rows_quarantined + rows_skipped in every row
    quarantine    sha256, source, line BIGINT, rule, "column", value (contract columns without personal mark)
    target        indicator, unit_id, valid_from, valid_to, value, basis, document, checked
    signal        what stands out, written by the same run as the parts it speaks of: indicator, unit, month, value
                  and its parts, centre, lower, upper, method, locked, rule (outside, two_of_three or
                  three_months), side, direction, assurance, severity,
                  since DATE (first month of the unbroken run that a signal belongs to)
    rebased       where the limits of `signal` begin anew: indicator, unit ('' = every unit), month DATE (its first
                  day), reason_vi, reason_en, who, decided DATE
    unit_until    fact, unit, data_until DATE, whole_until DATE, source: how far the unit's own source has reported
    presence      fact, unit, month DATE, rows BIGINT: who has sent anything, for coverage
    fact_<fact>   one row per case; times in the place's time; no personal columns; case_id UUID is a pseudonym of
                  128 bits, shown as hexadecimal digits without hyphens
    fact_dossier_step  one row per step of a dossier: case_id (the pseudonym of the dossier, also where the log
                  is a source of its own), step, done_at, done_on, unit, holder_position (an office, never a name)
    fact_contact  contacts with the hotline, counted: unit, contact_on, channel, contacts, tickets (of these)
    part_<fact>_<day>    day, unit, <slices>, and per indicator "<id>__n", "<id>__d" (rate), "<id>__n"
                  (count), "<id>__in", "<id>__out" (stock)
    spread_<fact>_<day>  indicator, day, unit, <slices>, bucket INT, n BIGINT (durations)
    thing_<fact>_<day>   indicator, day, unit, <slices>, thing (distinct)
    cohort_<fact>        indicator, entered_on, left_on, unit, <slices>, n (ages of what is open)
    reported      indicator, unit, period_start, period_end, vintage, value, numerator, denominator,
                  preliminary BOOL, origin
    reconciliation  check_id, name_vi, name_en, measure, indicator, unit, period_start, period_end, left_source,
                  left_file, left_value, right_source, right_file, right_value, computed BOOL (the right value was
                  counted here from the records of right_source), difference, allowed, agrees BOOL
    published_cell  table_id, indicator, unit, period, numerator, denominator, value, shown BOOL, reason

`manifest` is an object: `schema_version`, `clearance`, `duckdb`, `tables` {name: {rows, hash, sum}} (the sum of
row hashes is what an increment brings up to date), `data_sha` over all of them, `contract` {shared, measures,
mappings {source: sha}}, `key_check`. A table's hash does not depend on the order of its rows, and leaves out
generation, made-at, times of receipt and lineage; the same
archive under the same contract has the same hashes, however it came in.
"""

from pipelines.publish.draft import Draft, begin, connect_draft, sweep
from pipelines.publish.manifest import NotPublishableError, check_draft, make_manifest
from pipelines.publish.pointer import Pointer, read_pointer, write_pointer
from pipelines.publish.seal import Stamp, finish, publish

__all__ = [
    "Draft",
    "NotPublishableError",
    "Pointer",
    "Stamp",
    "begin",
    "check_draft",
    "connect_draft",
    "finish",
    "make_manifest",
    "publish",
    "read_pointer",
    "sweep",
    "write_pointer",
]
