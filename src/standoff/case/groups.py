"""What is counted: groups of people and of things, which of them are part of which, and the words that name them.

A number of a claim is known by its measure, its group, its place and its time. The group is read from ``counted`` by
this list. A case may add groups of its own, and words for those of the list, in groups.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from standoff.oneline import OneLine


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CountedGroup(OneLine):
    """A group of people or things that claims of the case count: a row of groups.yaml.

    With the id of a group of the list it adds words to that group. ``words`` are wordings of ``counted`` in full
    ("fighters and one reporter"), of which nothing else is read.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    id: str  # small letters, digits and hyphens; a group of the list or a new one
    title: str = ""  # what belongs to it, in words
    part_of: tuple[str, ...] = ()  # groups that it is a part of
    party: tuple[str, ...] = ()  # actors it belongs to: the soldiers of one army are part of the soldiers
    words: tuple[str, ...] = ()  # wordings that mean it
    note: str = ""


# group -> (the groups it is part of, the words that name it; each word also in the plural with -s). Words of one group
# mean the same: hospitals and clinics are two groups of a wider one.
_GROUPS: dict[str, tuple[tuple[str, ...], str]] = {
    "people": ((), "people|person|human being|individual|personnel|men and women|victim"),
    "residents": (("people",), "resident|inhabitant|local people|local resident"),
    "civilians": (("people",), "civilian|non-combatant|noncombatant|civilian people"),
    "villagers": (("civilians",), "villager"),
    "children": (("people",), "child|children|minor|boys and girls|girls and boys"),
    "boys": (("children",), "boy"),
    "girls": (("children",), "girl"),
    "infants": (("children",), "infant|baby|babies|toddler"),
    "women": (("people",), "woman|women"),
    "men": (("people",), "man|men"),
    "military": (
        ("people",),
        "combatant|military|soldier and fighter|soldier or fighter|soldiers and fighters|soldiers or fighters|"
        "armed men|armed man|force|forces",
    ),
    "soldiers": (
        ("military",),
        "soldier|troop|serviceman|servicemen|service member|servicemember|army|army personnel|military personnel|"
        "army member|member of the army|members of the army|member of the armed forces|members of the armed forces|"
        "military servicemen|military serviceman|servicemen and women",
    ),
    "officers": (("soldiers",), "officer|army officer|military officer"),
    "conscripts": (("soldiers",), "conscript"),
    "paratroopers": (("soldiers",), "paratrooper"),
    "marines": (("soldiers",), "marine"),
    "fighters": (
        ("military",), "fighter|militant|insurgent|rebel|gunman|gunmen|militiaman|militiamen|guerrilla|militia member",
    ),
    "jihadists": (("fighters",), "jihadist|jihadi"),
    "police": (("people",), "police|policeman|policemen|police officer|police force"),
    "gendarmes": (("police",), "gendarme"),
    "peacekeepers": (("people",), "peacekeeper|blue helmet|un peacekeeper"),
    "displaced-people": (
        ("people",),
        "displaced people|displaced person|displaced civilian|idp|internally displaced people|"
        "internally displaced person|internally displaced",
    ),
    "refugees": (("people",), "refugee"),
    "asylum-seekers": (("people",), "asylum seeker"),
    "migrants": (("people",), "migrant"),
    "returnees": (("people",), "returnee|returned people|returned person"),
    "prisoners": (("people",), "prisoner|detainee"),
    "prisoners-of-war": (("prisoners",), "prisoner of war|prisoners of war|pow"),
    "hostages": (("people",), "hostage|abductee|captive"),
    "aid-workers": (("civilians",), "aid worker|humanitarian worker|humanitarian|relief worker|aid staff"),
    "rescuers": (("civilians",), "rescuer|rescue worker"),
    "health-workers": (
        ("civilians",),
        "health worker|medic|medical worker|medical staff|health staff|medical personnel",
    ),
    "doctors": (("health-workers",), "doctor"),
    "nurses": (("health-workers",), "nurse"),
    "paramedics": (("health-workers",), "paramedic"),
    "journalists": (("civilians",), "journalist|reporter|correspondent"),
    "media-workers": (("civilians",), "media worker"),
    "households": ((), "household|family|families"),
    "attacks": ((), "attack"),
    "strikes": (("attacks",), "strike"),
    "airstrikes": (("strikes",), "air strike|airstrike|air raid"),
    "health-facilities": (
        (),
        "health facility|health facilities|medical facility|medical facilities|medical site|health site|"
        "hospitals and clinics|hospital and clinic",
    ),
    "hospitals": (("health-facilities",), "hospital"),
    "clinics": (("health-facilities",), "clinic|health centre|health center"),
    "ambulances": ((), "ambulance"),
    "places-of-education": (
        (), "place of education|places of education|schools and kindergartens|school and kindergarten",
    ),
    "schools": (("places-of-education",), "school"),
    "kindergartens": (("places-of-education",), "kindergarten"),
    "vehicles": ((), "vehicle"),
    "trucks": (("vehicles",), "truck|lorry|lorries"),
    "cars": (("vehicles",), "car"),
    "armoured-vehicles": (("vehicles",), "armoured vehicle|armored vehicle"),
    "tanks": (("armoured-vehicles",), "tank"),
    "aircraft": ((), "aircraft"),
    "planes": (("aircraft",), "plane|warplane|jet|airplane|aeroplane"),
    "helicopters": (("aircraft",), "helicopter"),
    "drones": (("aircraft",), "drone|uav|unmanned aerial vehicle"),
    "ships": ((), "ship|vessel"),
    "warships": (("ships",), "warship"),
    "weapons": ((), "weapon"),
    "heavy-weapons": (("weapons",), "heavy weapon"),
    "artillery": (("heavy-weapons",), "artillery piece|howitzer"),
    "posts": ((), "post|military post"),
    "observation-posts": (("posts",), "observation post"),
    "checkpoints": ((), "checkpoint"),
    "buildings": ((), "building"),
    "houses": (("buildings",), "house|home|dwelling"),
    "camps": ((), "camp"),
}  # fmt: skip


def _forms(words: str) -> frozenset[str]:
    return frozenset(form for word in words.split("|") for form in (word, word + "s"))


GROUPS: MappingProxyType[str, CountedGroup] = MappingProxyType(
    {
        key: CountedGroup(id=key, title=words.partition("|")[0], part_of=above, words=tuple(sorted(_forms(words))))
        for key, (above, words) in _GROUPS.items()
    }
)

# measure -> (what is counted of the group, the group that the measure itself names); a measure that is not here counts
# something that its quantity's name must say, so that two quantities of it are never taken for one another
MEASURE_GROUPS: dict[str, tuple[str, str]] = {
    "deaths": ("deaths", "people"),
    "deaths-civilian": ("deaths", "civilians"),
    "deaths-military": ("deaths", "military"),
    "deaths-children": ("deaths", "children"),
    "wounded": ("wounded", "people"),
    "wounded-civilian": ("wounded", "civilians"),
    "wounded-military": ("wounded", "military"),
    "wounded-children": ("wounded", "children"),
    "people-displaced": ("people-displaced", "people"),
    "people-returned": ("people-returned", "people"),
    "people-stock": ("present", "people"),
    "idps-stock": ("present", "displaced-people"),
    "refugees-stock": ("present", "refugees"),
    "people-in-sites": ("people-in-sites", "people"),
    "people-in-need": ("people-in-need", "people"),
    "people-aid-dependent": ("people-aid-dependent", "people"),
    "people-at-risk": ("people-at-risk", "people"),
    "border-crossings": ("border-crossings", "people"),
    "fighters": ("fighters", "military"),
    "troops": ("troops", "soldiers"),
}

# Measures that count things by their words: what the quantity's name adds to the words of `counted` counts, too.
COUNTED_BY_WORDS = (
    "attacks", "attacks-health", "attacks-education", "count", "equipment", "facilities-closed", "posts", "violations",
)  # fmt: skip

# A people's adjective -> its country, as actors of cases are called.
DEMONYMS: dict[str, str] = {
    adjective: country
    for country, adjectives in (
        line.split(": ")
        for line in """\
afghanistan: afghan
albania: albanian
algeria: algerian
angola: angolan
argentina: argentine argentinian
armenia: armenian
australia: australian
austria: austrian
azerbaijan: azerbaijani azeri
bahrain: bahraini
bangladesh: bangladeshi
belarus: belarusian belarussian
belgium: belgian
bolivia: bolivian
bosnia: bosnian
brazil: brazilian
bulgaria: bulgarian
burkina faso: burkinabe
burundi: burundian
cambodia: cambodian
cameroon: cameroonian
canada: canadian
central african republic: central-african
chad: chadian
chile: chilean
china: chinese
colombia: colombian
congo: congolese
croatia: croatian
cuba: cuban
cyprus: cypriot
denmark: danish
djibouti: djiboutian
ecuador: ecuadorian
egypt: egyptian
eritrea: eritrean
estonia: estonian
ethiopia: ethiopian
finland: finnish
france: french
gambia: gambian
georgia: georgian
germany: german
ghana: ghanaian
greece: greek
guatemala: guatemalan
guinea: guinean
haiti: haitian
honduras: honduran
hungary: hungarian
india: indian
indonesia: indonesian
iran: iranian
iraq: iraqi
ireland: irish
israel: israeli
italy: italian
ivory coast: ivorian
japan: japanese
jordan: jordanian
kazakhstan: kazakh
kenya: kenyan
kosovo: kosovar kosovan
kuwait: kuwaiti
kyrgyzstan: kyrgyz
laos: laotian lao
latvia: latvian
lebanon: lebanese
liberia: liberian
libya: libyan
lithuania: lithuanian
malawi: malawian
malaysia: malaysian
mali: malian
mauritania: mauritanian
mexico: mexican
moldova: moldovan
mongolia: mongolian
morocco: moroccan
mozambique: mozambican
myanmar: burmese
namibia: namibian
nepal: nepali nepalese
netherlands: dutch
nicaragua: nicaraguan
niger: nigerien
nigeria: nigerian
north korea: north-korean
norway: norwegian
oman: omani
pakistan: pakistani
palestine: palestinian
peru: peruvian
philippines: filipino philippine
poland: polish
portugal: portuguese
qatar: qatari
romania: romanian
russia: russian
rwanda: rwandan
saudi arabia: saudi
senegal: senegalese
serbia: serbian serb
sierra leone: sierra-leonean
slovakia: slovak
slovenia: slovenian slovene
somalia: somali
south africa: south-african
south korea: south-korean
south sudan: south-sudanese
spain: spanish
sri lanka: sri-lankan
sudan: sudanese
sweden: swedish
switzerland: swiss
syria: syrian
taiwan: taiwanese
tajikistan: tajik
tanzania: tanzanian
thailand: thai
togo: togolese
tunisia: tunisian
turkey: turkish
turkmenistan: turkmen
uganda: ugandan
ukraine: ukrainian
united arab emirates: emirati
united kingdom: british
united states: american
uzbekistan: uzbek
venezuela: venezuelan
vietnam: vietnamese
yemen: yemeni
zambia: zambian
zimbabwe: zimbabwean""".splitlines()
    )
    for adjective in adjectives.split()
}
