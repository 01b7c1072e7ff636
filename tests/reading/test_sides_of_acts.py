"""Who does an act and to whom: the subject of its own clause or nobody. A party charged in error is the worst fault."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from standoff.reading.page import Passage
from standoff.reading.parties_of_acts import parties_of_act
from standoff.reading.payloads import ActorNames, act_words

PARTIES = {
    "red": ("Red", "state"),
    "blue": ("Blue", "state"),
    "green": ("Greenish", "state"),
    "front": ("Northern Front", "armed-group"),
}
NAMES = ActorNames(
    SimpleNamespace(
        sources={},
        actors={key: SimpleNamespace(name=name, aliases=(), kind=kind) for key, (name, kind) in PARTIES.items()},
    )  # type: ignore[arg-type]
)


@pytest.mark.parametrize(
    ("words", "actor", "target"),
    [
        ("Red shelled the town", "red", ""),
        ("On Friday Red jets bombed Ariha", "red", ""),
        ("Red and Blue troops jointly attacked the post", "red blue", ""),
        ("Red, Blue and Greenish ministers signed an agreement", "red blue green", ""),
        ("Northern Front rebels and Red forces exchanged prisoners", "front red", ""),
        ("Soldiers of the Northern Front shelled Blue positions", "front", "blue"),
        ("Northern Front fighters attacked a convoy", "front", ""),
        ("Red entered the town and attacked the police", "red", ""),
        ("Red jets, flying low, bombed the market", "red", ""),
        ("Red launched a new offensive against Blue posts", "red", "blue"),
        ("Red threatened to resume its offensive", "red", ""),
        ("A Red convoy was attacked by Blue jets", "blue", "red"),
        ("an attack on Red by the Northern Front", "front", "red"),
        ("Clashes between Red and Blue resumed", "red blue", ""),
        ("The town fell to the Northern Front", "front", ""),
        ("Red positions came under fire", "", "red"),
        ("A Red ship exploded", "", "red"),
        ("Red of shelling villages", "red", ""),  # of what somebody is accused
        ("Residents fled Red shelling", "red", ""),
        # nobody is named
        ("The rebels in Red shelled the town", "", ""),
        ("In eastern Red rebels attacked a convoy", "", ""),
        ("Red rebels attacked a convoy", "", ""),
        ("Red settlers attacked a village", "", ""),
        ("Red-backed rebels shelled the town", "", ""),
        ("Supporters of Red attacked the embassy", "", ""),
        ("Red backed rebels who shelled the town", "", ""),
        ("Two Red soldiers died in an air strike", "", ""),
        ("Red soldiers were killed when their truck hit a mine", "", ""),
        ("A missile fired from Red hit a school", "", ""),
        ("Red forces left the town after clashes", "", ""),
        ("Blue condemned the attack", "", ""),
    ],
)
def test_who_is_charged(words: str, actor: str, target: str) -> None:
    acts = [act for act in act_words(words) if act[0] not in ("offer", "accusation", "threat", "displacement")]
    kind, start, end = acts[-1] if words.startswith("Red forces left") else acts[0]
    if "killed" in words:
        start, end = next((a, b) for kind, a, b in acts if kind == "bombing")
    found = parties_of_act(words, Passage(start, end), NAMES.spans_in(words), NAMES.armed)
    assert (" ".join(found.get("actor", [])), " ".join(found.get("target", []))) == (actor, target), kind
