"""What actors want and may do, and what experiments change: issues, stakes, options, outcomes, scenarios, questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from standoff.case.terms import Commitment, Pattern
from standoff.oneline import OneLine
from standoff.values import Duration, Intensity, Loss, Number, Share, Shift, Threshold, When

_STRICT: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shock(OneLine):
    """Something on record that moved an issue on a day; a run that starts later starts from where it moved it."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    date: When
    by: Shift
    title: str
    claims: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    citation: str = ""
    assumed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Issue(OneLine):
    """A scale from 0 to 1 that actors care about, with what its ends mean and where it stands at the start.

    An issue with an ``arena`` belongs to another dispute between the same actors, which is linked to this one by what
    they want in both. Its ``shocks`` up to the start of a run are added to ``start``.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    zero: str  # what 0 means
    one: str  # what 1 means
    start: Share  # 0 to 1
    arena: str = ""  # the other dispute that it belongs to, such as Libya
    shocks: tuple[Shock, ...] = ()
    claims: tuple[str, ...] = ()
    assumed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Stake(OneLine):
    """Where an actor wants an issue to be (0 to 1) and how much it cares; saliences of an actor sum to 1.

    Those of issues of an arena come on top of that sum. Where a ``range`` is given each run draws its salience from it.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    actor: str
    issue: str
    position: Share  # 0 to 1
    salience: Share  # 0 to 1
    range: tuple[Share, Share] | None = None  # of the salience
    claims: tuple[str, ...] = ()
    assumed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Emission(OneLine):
    """An event that an option produces each day it is pursued: how often, where, and how intense it is for people.

    ``actor`` is who does it where that is not the actor of the option: an accusation is made by others.
    ``first`` limits it to the day the option is taken up. An ``intensity`` of 0 takes the parameter of its type.

    What it does to commitments in runs, beyond what their texts say: ``makes`` are those that are made anew by it;
    ``keeps`` and ``breaks`` those whose text names no event, and of which the model takes it to be the keeping or the
    breach; ``delays`` those whose last day it moves by ``delay``. ``signal`` says that it is shown to its target:
    ``costly`` or ``words``.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    type: str  # an event type
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()  # where: sectors of places.csv
    chance: Share = 1.0  # a day, while the option is pursued
    intensity: Intensity = 0.0  # added to the intensity of each place of the sector
    first: bool = False
    makes: tuple[str, ...] = ()  # commitments
    keeps: tuple[str, ...] = ()  # commitments
    breaks: tuple[str, ...] = ()  # commitments
    delays: tuple[str, ...] = ()  # commitments
    delay: Duration | None = None
    signal: str = ""  # costly, words or empty


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Option(OneLine):
    """Something an actor may choose at a revision: what it emits, how it moves issues, what it costs, when it is open.

    ``moves`` is the expected change of each issue over one revision period; ``cost`` is the actor's own loss in units
    of its core issue; ``harms`` the loss it causes others. ``needs`` and ``bars`` name postures (options of other
    actors now pursued) that open or shut it. ``lasts`` is how long it is pursued, ``duration`` the mean length of an
    operation that goes on by itself once begun. ``sets_border`` opens or shuts a crossing group.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    actor: str
    title: str
    emits: tuple[Emission, ...] = ()
    moves: dict[str, Shift] = field(default_factory=dict)  # issue: change
    cost: Loss = 0.0
    harms: dict[str, Loss] = field(default_factory=dict)  # actor: loss
    needs: tuple[str, ...] = ()  # options
    bars: tuple[str, ...] = ()  # options
    lasts: Duration | None = None
    duration: Duration | None = None
    sets_border: str = ""  # open, shut or empty
    default: bool = False  # what the actor does when nothing else is chosen; one for each actor
    claims: tuple[str, ...] = ()
    citation: str = ""
    assumed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Outcome(OneLine):
    """What a run watches for: the first simulated event that matches, a border set open, or people newly displaced.

    Exactly one of ``event``, ``border`` and ``people`` is given; ``people`` outcomes happen on the day that the
    cumulative number of newly displaced people reaches ``threshold``.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    question: str = ""
    event: Pattern | None = None  # type, actor and target
    border: str = ""  # open or shut
    people: str = ""  # newly-displaced
    threshold: Threshold | None = None  # people
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Change(OneLine):
    """One dated change of a scenario; exactly one of the targets is given."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    from_: When | None = None
    until: When | None = None
    parameter: str = ""  # one of parameters.yaml that is a lever; a run names the levers when it refuses one
    value: Number | None = None  # of the parameter, or people of a capacity
    open: str = ""  # place:ID, route:ID:ID, border:XX:YY, or into:ID for a place that takes people in
    shut: str = ""  # the same
    withdraw: str = ""  # a commitment
    unsend: str = ""  # a signal on record, which is taken never to have been sent
    reading: str = ""  # not for a scenario: an account holds readings
    of: str = ""
    capacity: str = ""  # a place; value = people


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Scenario(OneLine):
    """Named, dated changes with humanitarian, mediation or monitoring levers only.

    ``clauses`` are commitments that the scenario adds, each from its own first day; one that ``supersedes`` another
    takes its place from that day, which is how a clause is changed. Nobody is asked whether the parties would agree.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    title: str
    lever: str  # none, humanitarian, mediation, monitoring
    changes: tuple[Change, ...] = ()
    clauses: tuple[Commitment, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Question(OneLine):
    """A forecasting question fixed beforehand: cut-off, deadline, the outcome that answers it, how it was resolved."""

    __pydantic_config__: ClassVar[dict[str, str]] = _STRICT
    id: str
    cutoff: When  # day on which it was open
    text: str
    deadline: When  # last day
    outcome: str  # one of outcomes.yaml, event:TYPE:ACTOR:TARGET, or people:newly-displaced
    threshold: Threshold | None = None  # people
    resolved: str = ""  # yes, no, or empty when not resolvable from the record
    resolution: str = ""  # the source that resolves it
    reference_class: str = ""
    base_rate: Share | None = None  # if known from elsewhere
    base_rate_source: str = ""
    said: dict[str, Share] = field(default_factory=dict)  # a voice's own prediction as a probability
    claims: tuple[str, ...] = ()
