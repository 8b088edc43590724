"""Nothing may count twice: six rules on the claims of a fit, each a function.

A number that enters twice narrows every interval of the result without any new
information, so a record that breaks a rule is refused and never repaired.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from sim.errors import EvidenceError
from sim.inference.claims import RecordEntry
from sim.inference.record import given_reason

Problems = Iterator[str]


def refuse_double_counting(
    entries: Sequence[RecordEntry], given: Mapping[str, str]
) -> None:
    """Check that every underlying claim enters once.

    Parameters
    ----------
    entries : to be fitted.
    given : what uses an evidence row as a fact of the run, by its id.

    Raises
    ------
    EvidenceError
        With a sentence for each breach: which rows, what is wrong, what to do.
    """
    problems = [problem for rule in RULES for problem in rule(entries)]
    problems += given_facts_are_no_targets(entries, given)
    if problems:
        raise EvidenceError(tuple(dict.fromkeys(problems)))


def one_claim_enters_once(entries: Sequence[RecordEntry]) -> Problems:
    """Rule 1: rows that repeat one underlying claim enter as one."""
    for one, two in combinations(entries, 2):
        group = one.figure.claim_group
        same_claim = bool(group) and group == two.figure.claim_group
        same_words = _asks(one) == _asks(two) and one.claim.family == two.claim.family
        if one.figure.id == two.figure.id or same_claim or same_words:
            yield (
                f"{two.figure.id}: says the same as {one.figure.id}, and one claim "
                "counts once; make one of them a check"
            )


def a_source_counts_once(entries: Sequence[RecordEntry]) -> Problems:
    """Rule 2: beside its running total a source does not tell what is in it again."""
    for series in _series(entries):
        for one, two in combinations(series, 2):
            if _overlap(one, two) and not _contains_sum(one, two, series):
                yield (
                    f"{two.figure.id}: counts {two.counts} that {one.figure.id} of "
                    f"{one.claim.family} counts too; make one of them a check"
                )


def sums_do_not_enter(entries: Sequence[RecordEntry]) -> Problems:
    """Rule 3: a total does not enter beside its parts."""
    for series in _series(entries):
        for whole in series:
            parts = [
                part
                for part in series
                if part is not whole
                and not _one_counter(part, whole)
                and not _is_nobody(part)
                and _lies_within(part, whole)
            ]
            if len(parts) > 1 or (parts and _begins(parts[0]) != _begins(whole)):
                names = " and ".join(part.figure.id for part in parts)
                yield (
                    f"{whole.figure.id}: is a total of what {names} of "
                    f"{whole.claim.family} count; make it a check"
                )


def parts_are_not_added(entries: Sequence[RecordEntry]) -> Problems:
    """Rule 4: some of the people or vehicles do not enter beside all of them."""
    for one, two in combinations(entries, 2):
        if (
            one.claim.family != two.claim.family
            or one.figure.origin != two.figure.origin
            or (one.counts or one.figure.metric) != (two.counts or two.figure.metric)
            or not (_overlap(one, two) if one.counts else True)
        ):
            continue
        some, all_of = one.figure.selected, two.figure.selected
        part, whole = (one, two) if len(some) > len(all_of) else (two, one)
        if whole.figure.selected.items() < part.figure.selected.items():
            yield (
                f"{part.figure.id}: is a part of what {whole.figure.id} of "
                f"{whole.claim.family} counts; make it a check"
            )


def given_facts_are_no_targets(
    entries: Sequence[RecordEntry], given: Mapping[str, str]
) -> Problems:
    """Rule 5: what the run is given cannot also be fitted."""
    for entry in entries:
        if reason := given_reason(entry.figure, given):
            yield (
                f"{entry.figure.id}: {reason} and cannot be fitted too; make it a check"
            )


def relays_belong_to_their_origin(entries: Sequence[RecordEntry]) -> Problems:
    """Rule 6: who relays a figure speaks for the family that it comes from."""
    families = {entry.claim.family for entry in entries}
    home: dict[str, RecordEntry] = {}
    for entry in entries:
        speaker = entry.figure.attributed_to
        first = home.setdefault(speaker, entry)
        if first.claim.family != entry.claim.family:
            yield (
                f"{entry.figure.id}: {speaker} is in family {entry.claim.family} here "
                f"and in {first.claim.family} in {first.figure.id}; name the family "
                "that the figure comes from"
            )
        elif speaker in families and speaker != entry.claim.family:
            yield (
                f"{entry.figure.id}: comes from {speaker}, but its family is "
                f"{entry.claim.family}; a relay belongs to the family of its origin"
            )


RULES: tuple[Callable[[Sequence[RecordEntry]], Problems], ...] = (
    one_claim_enters_once,
    a_source_counts_once,
    sums_do_not_enter,
    parts_are_not_added,
    relays_belong_to_their_origin,
)


def _asks(entry: RecordEntry) -> tuple[object, ...]:
    figure = entry.figure
    if entry.counts:
        return figure.origin, entry.counts, figure.select, entry.begins, entry.ends
    moments = (figure.since, figure.from_, figure.to)
    return figure.origin, figure.metric, figure.select, *moments


def _series(entries: Sequence[RecordEntry]) -> list[list[RecordEntry]]:
    """Return counts that may contain each other, in order of time."""
    found: dict[tuple[str, ...], list[RecordEntry]] = {}
    for entry in entries:
        if entry.counts:
            found.setdefault(entry.series, []).append(entry)
    return [
        sorted(series, key=lambda entry: entry.window_h) for series in found.values()
    ]


def _begins(entry: RecordEntry) -> tuple[int, int]:
    return entry.begins or (0, 0)


def _overlap(one: RecordEntry, two: RecordEntry) -> bool:
    """Whether two counts have people in common, windows read by their middles.

    Totals of one counter are told apart by what was seen between them; and that nobody
    came can be said of any hours.
    """
    if _one_counter(one, two) or _is_nobody(one) or _is_nobody(two):
        return False
    (begins, ends), (other_begins, other_ends) = one.window_h, two.window_h
    return begins < other_ends and other_begins < ends


def _one_counter(one: RecordEntry, two: RecordEntry) -> bool:
    return one.claim.counter == two.claim.counter


def _is_nobody(entry: RecordEntry) -> bool:
    return entry.claim.wording == "cell" and entry.claim.best == 0


def _lies_within(part: RecordEntry, whole: RecordEntry) -> bool:
    (begins, ends), (whole_begins, whole_ends) = part.window_h, whole.window_h
    return whole_begins <= begins and ends <= whole_ends


def _contains_sum(
    one: RecordEntry, two: RecordEntry, series: Sequence[RecordEntry]
) -> bool:
    """Whether an overlap is a total beside its parts, which rule 3 tells better."""
    return any(
        _lies_within(part, whole) and _begins(part) != _begins(whole)
        for whole in (one, two)
        for part in series
        if part is not whole
    )
