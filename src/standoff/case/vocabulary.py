"""The closed word lists of a case: event types (PLOVER with ACLED sub-types), measures, bounds, realis, grades.

Event types follow PLOVER (Open Event Data Alliance) with ACLED sub-event types below ``assault``; ``parent`` says what
a type is a kind of, so that a pattern for ``strike`` also matches an ``airstrike``. A case may declare kinds of its own
(types.yaml): ``shelling/in-truce-hours`` is a kind of ``shelling``, with its codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from standoff.oneline import OneLine


@dataclass(frozen=True, slots=True, repr=False)
class EventType(OneLine):
    """One type of event: what it is a kind of, its PLOVER code, and the ACLED sub-event type where there is one."""

    parent: str | None
    plover: str
    acled: str = ""


EVENT_TYPES: dict[str, EventType] = {
    # talk
    "summit": EventType(None, "CONSULT"),
    "talks-failed": EventType(None, "REJECT"),
    "statement": EventType(None, "CONSULT"),
    "accusation": EventType("statement", "ACCUSE"),
    "denial": EventType("statement", "REJECT"),
    "threat": EventType("statement", "THREATEN"),
    "demand": EventType("statement", "REQUEST"),
    "request": EventType("statement", "REQUEST"),
    "offer": EventType("statement", "SUPPORT"),
    "refusal": EventType("statement", "REJECT"),
    "notice": EventType("statement", "REJECT"),
    "designation": EventType("statement", "SANCTION"),
    "diplomacy": EventType(None, "CONSULT"),
    "meeting": EventType("diplomacy", "CONSULT"),
    "veto": EventType("diplomacy", "REJECT"),
    # agreements and what is done under them
    "agreement": EventType(None, "AGREE", "Agreement"),
    "ceasefire": EventType("agreement", "CONCEDE", "Agreement"),
    "extension": EventType("agreement", "AGREE", "Agreement"),
    "ceasefire-end": EventType(None, "REJECT"),
    "deadline": EventType(None, "CONSULT"),
    "compliance": EventType(None, "CONCEDE"),
    "patrol": EventType("compliance", "COOPERATE"),
    "weapons-withdrawn": EventType("compliance", "RETREAT"),
    "radicals-withdrawn": EventType("compliance", "RETREAT"),
    "transit-restored": EventType("compliance", "CONCEDE"),
    "zone-established": EventType("compliance", "CONCEDE"),
    "corridor-opened": EventType("compliance", "CONCEDE"),
    "separation-done": EventType("compliance", "CONCEDE"),
    "evacuation": EventType("compliance", "RETREAT", "Non-violent transfer of territory"),
    "prisoner-release": EventType("compliance", "CONCEDE"),
    "amnesty": EventType("compliance", "CONCEDE"),
    "cantonment": EventType("compliance", "RETREAT"),
    "disarmament": EventType("compliance", "RETREAT"),
    "demobilisation": EventType("compliance", "RETREAT"),
    "demining": EventType("compliance", "COOPERATE"),
    "verification": EventType("compliance", "COOPERATE"),
    "report": EventType("compliance", "COOPERATE"),
    "access-granted": EventType("compliance", "CONCEDE"),
    "breach": EventType(None, "REJECT"),
    "radical-presence": EventType("breach", "REJECT"),
    "heavy-weapons-presence": EventType("breach", "REJECT"),
    "weapon-seen": EventType("heavy-weapons-presence", "REJECT"),
    "obstruction": EventType("breach", "COERCE"),
    "movement-restricted": EventType("obstruction", "COERCE"),
    "access-refused": EventType("obstruction", "COERCE"),
    "incursion": EventType("breach", "MOBILIZE"),
    "suspension": EventType(None, "REJECT"),
    "operation-postponed": EventType(None, "CONCEDE"),
    # posture
    "deployment": EventType(None, "MOBILIZE", "Change to group/activity"),
    "post-established": EventType("deployment", "MOBILIZE", "Headquarters or base established"),
    "reinforcement": EventType("deployment", "MOBILIZE", "Change to group/activity"),
    "exercise": EventType("deployment", "MOBILIZE"),
    "overflight": EventType(None, "MOBILIZE"),
    "recruitment": EventType(None, "MOBILIZE"),
    "mine": EventType(None, "MOBILIZE"),
    "mine-laid": EventType("mine", "MOBILIZE"),
    "arms-transfer": EventType(None, "SUPPORT"),
    "withdrawal": EventType(None, "RETREAT", "Non-violent transfer of territory"),
    # violence
    "assault": EventType(None, "ASSAULT"),
    "strike": EventType("assault", "ASSAULT", "Air/drone strike"),
    "airstrike": EventType("strike", "ASSAULT", "Air/drone strike"),
    "drone-attack": EventType("strike", "ASSAULT", "Air/drone strike"),
    "missile-strike": EventType("strike", "ASSAULT", "Shelling/artillery/missile attack"),
    "shelling": EventType("assault", "ASSAULT", "Shelling/artillery/missile attack"),
    "bombing": EventType("assault", "ASSAULT", "Remote explosive/landmine/IED"),
    "remote-explosive": EventType("bombing", "ASSAULT", "Remote explosive/landmine/IED"),
    "grenade-attack": EventType("bombing", "ASSAULT", "Grenade"),
    "suicide-bombing": EventType("bombing", "ASSAULT", "Suicide bomb"),
    "chemical-attack": EventType("assault", "ASSAULT", "Chemical weapon"),
    "attack-on-post": EventType("assault", "ASSAULT", "Attack"),
    "aircraft-shot-down": EventType("assault", "ASSAULT", "Armed clash"),
    "clash": EventType("assault", "ASSAULT", "Armed clash"),
    "small-arms-fire": EventType("assault", "ASSAULT", "Armed clash"),
    "ground-assault": EventType("assault", "ASSAULT", "Armed clash"),
    "offensive": EventType("ground-assault", "ASSAULT", "Armed clash"),
    "territorial-change": EventType("ground-assault", "ASSAULT", "Government regains territory"),
    "territory-regained": EventType("territorial-change", "ASSAULT", "Government regains territory"),
    "territory-overtaken": EventType("territorial-change", "ASSAULT", "Non-state actor overtakes territory"),
    "encirclement": EventType(None, "COERCE"),
    "blockade": EventType("encirclement", "COERCE"),
    "violence-against-civilians": EventType("assault", "ASSAULT", "Attack"),
    "attack-on-civilians": EventType("violence-against-civilians", "ASSAULT", "Attack"),
    "force-against-protesters": EventType(
        "violence-against-civilians", "ASSAULT", "Excessive force against protesters"
    ),
    "abduction": EventType("violence-against-civilians", "COERCE", "Abduction/forced disappearance"),
    "sexual-violence": EventType("violence-against-civilians", "ASSAULT", "Sexual violence"),
    "mob-violence": EventType("assault", "ASSAULT", "Mob violence"),
    "property-damage": EventType(None, "COERCE", "Looting/property destruction"),
    "looting": EventType("property-damage", "COERCE", "Looting/property destruction"),
    "arrest": EventType(None, "COERCE", "Arrests"),
    # pressure and relief
    "sanction": EventType(None, "SANCTION"),
    "aid": EventType(None, "AID"),
    "aid-cut": EventType(None, "SANCTION"),
    "protest": EventType(None, "PROTEST", "Peaceful protest"),
    "peaceful-protest": EventType("protest", "PROTEST", "Peaceful protest"),
    "protest-with-intervention": EventType("protest", "PROTEST", "Protest with intervention"),
    "violent-demonstration": EventType("protest", "PROTEST", "Violent demonstration"),
    "border-closed": EventType(None, "COERCE"),
    "border-opened": EventType(None, "CONCEDE"),
    "road-closed": EventType(None, "COERCE"),
    "road-opened": EventType(None, "CONCEDE"),
    "border-incident": EventType(None, "COERCE"),
    "border-shooting": EventType("border-incident", "ASSAULT", "Attack"),
    # people
    "displacement": EventType(None, "RETREAT"),
    "return": EventType(None, "RETREAT"),
    # what ACLED calls strategic developments: no attack, and neither a withdrawal nor a deployment
    "development": EventType(None, "", "Other"),
    "disrupted-weapons-use": EventType("development", "", "Disrupted weapons use"),
    "base-established": EventType("development", "", "Headquarters or base established"),
    "change-of-group": EventType("development", "", "Change to group/activity"),
    "territory-transfer": EventType("development", "", "Non-violent transfer of territory"),
}
# Acts that bring about a state, which lasts until an act of one of the types behind them undoes it. Every other act is
# done each time anew: a meeting, a report or a patrol of last week answers no call of today.
LASTING: dict[str, tuple[str, ...]] = {
    "withdrawal": ("deployment", "incursion", "ground-assault"),
    "weapons-withdrawn": ("heavy-weapons-presence",),
    "radicals-withdrawn": ("radical-presence",),
    "transit-restored": ("road-closed", "movement-restricted"),
    "zone-established": (),
    "corridor-opened": ("road-closed", "obstruction"),
    "separation-done": (),
    "prisoner-release": (),
    "amnesty": (),
    "cantonment": (),
    "disarmament": (),
    "demobilisation": ("recruitment",),
    "demining": ("mine",),
    "access-granted": ("obstruction",),
    "ceasefire": ("ceasefire-end",),
    "deployment": ("withdrawal",),
    "border-opened": ("border-closed",),
    "border-closed": ("border-opened",),
    "road-opened": ("road-closed", "movement-restricted"),
    "road-closed": ("road-opened", "transit-restored"),
}
ANEW = ("exercise", "reinforcement")  # kinds of a lasting act that are done each time anew
SPENT = ("prisoner-release",)  # whoever is freed is freed once: such an act meets one call

MEASURES: dict[str, str] = {
    "people-displaced": "people, cumulative over a window, each counted once",
    "displacement-movements": "movements: the same person may be counted at every move",
    "movements-partial": "movements seen in assessed communities only",
    "people-stock": "people present at a date",
    "idps-stock": "displaced people present at a date",
    "refugees-stock": "refugees registered at a date",
    "people-in-sites": "displaced people living in camps and sites at a date",
    "people-in-need": "people who need assistance at a date",
    "people-returned": "people returned over a window",
    "planning-figure": "people a plan prepares for; not an observation",
    "people-at-risk": "people a source says are exposed; not an observation",
    "border-crossings": "people said to have crossed or tried to cross a border",
    "deaths-civilian": "civilians killed",
    "deaths-military": "soldiers or fighters killed",
    "deaths": "people killed, status not told",
    "wounded": "people wounded, status not told",
    "wounded-civilian": "civilians wounded",
    "wounded-military": "soldiers or fighters wounded",
    "injuries": "injuries counted, where a source counts injuries and not people",
    "attacks": "attacks counted",
    "violations": "breaches of a ceasefire that a monitor or a party counted",
    "attacks-health": "attacks on hospitals, clinics, ambulances and health workers",
    "attacks-education": "attacks on schools and other places of education",
    "facilities-closed": "facilities that had to close",
    "people-aid-dependent": "people who live on aid at a date",
    "deaths-children": "children killed",
    "wounded-children": "children wounded",
    "fighters": "fighters present or counted",
    "troops": "soldiers deployed",
    "equipment": "vehicles, ships, aircraft or weapons",
    "posts": "military posts",
    "share": "a share from 0 to 1",
    "money": "money",
    "distance": "kilometres",
    "duration": "days",
    "count": "something counted that none of the above names",
}

BOUNDS = ("exact", "about", "at-least", "more-than", "at-most", "almost", "range")
REALIS = (
    "asserted", "denied", "threatened", "promised", "demanded", "requested", "offered", "refused", "predicted",
    "alleged", "conditional",
)  # fmt: skip
VOICES = ("quote", "paraphrase", "narrator")
STANDINGS: dict[str, str] = {
    "statement": "an organ, official or state medium of a party: carries what that party itself says",
    "wire": "a news agency or newsroom that reports on its own, under its name",
    "monitor": "a body that observes, inquires or counts by a stated method: the UN, a commission, a war monitor",
    "aggregator": "a page that collects what others report, such as an encyclopedia or a chronology",
    "commentary": "an article of opinion or analysis that argues for a reading",
    "copy": "a page that prints what a wire or organ wrote, with or without leave",
}
CITABLE = ("wire", "monitor")  # what may carry an accusation
CARRIES_WORDS = (*CITABLE, "statement", "copy")  # what may carry a party's own words
RELIABILITY = "ABCDEF"
CREDIBILITY = "123456"


# what the model does with a place of each kind; a place of another kind may stand in a case, but no road may lead to it
PLACE_KINDS: dict[str, str] = {
    "town": "a town, village or city: people leave it, pass it and stay there",
    "camp_area": "a camp or a group of camps, which may have a capacity",
    "camp": "the same",
    "site": "another site: a bridge, a base, a pass; nobody goes there to stay",
    "crossing": "a border crossing: people pass it while the border is open",
    "internal_crossing": "a crossing between areas of control",
    "observation_post": "a post of a mission or a guarantor; nobody goes there to stay",
    "beyond": "stands for what lies beyond the region: people go there and stay",
}


def parent_of(name: str) -> str | None:
    """What an event type is a kind of: a case's own ``shelling/by-night`` is a ``shelling``; None at the top."""
    above, slash, _ = name.rpartition("/")
    if slash:
        return above
    return EVENT_TYPES[name].parent if name in EVENT_TYPES else None


@cache
def lineage(name: str) -> tuple[str, ...]:
    """An event type and everything it is a kind of, itself first; only itself where the type is unknown."""
    kinds: list[str] = []
    step: str | None = name
    while step is not None:
        kinds.append(step)
        step = parent_of(step)
    return tuple(kinds)


def is_a(name: str, ancestor: str) -> bool:
    """Whether event type ``name`` is ``ancestor`` or one of its kinds."""
    return ancestor in lineage(name)


def undone_by(name: str) -> tuple[str, ...] | None:
    """Types of acts that undo the state that an act brings about; None where it brings about none."""
    for kind in lineage(name):
        if kind in ANEW:
            return None
        if kind in LASTING:
            return LASTING[kind]
    return None


# what was said, or how an act was judged: told so when no narrower word fits, and not because the kind is unknown
RESIDUAL = ("statement", "compliance", "breach")
NOT_TOLD = "/kind-not-told"  # behind the type of a log's event, where a case has kinds of its own below that type


def may_be(name: str, kind: str) -> bool:
    """Whether an event told as ``name`` may have been a ``kind``: the type told is wider, such as ``assault``.

    Who writes a case has its own kinds at hand, so a plain ``shelling`` is none of them; a log has not.
    """
    base = name.removesuffix(NOT_TOLD)
    if base != name and "/" in kind and is_a(base, kind.partition("/")[0]):
        return True  # a case's own kind of something wider: a log's suicide bombing may be a bombing/by-night
    if base == kind or not is_a(kind, base):
        return False
    return base != name or (name not in RESIDUAL and not kind.startswith(f"{name}/"))


def coded(name: str) -> EventType:
    """The PLOVER and ACLED codes of an event type; a kind of a case's own has those of what it is a kind of.

    Raises KeyError for a type that is no kind of a known one.
    """
    base = name.partition("/")[0]
    return EventType(parent_of(name), EVENT_TYPES[base].plover, EVENT_TYPES[base].acled)
