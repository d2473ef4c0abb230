"""
The units of measurement, as one literal table. Each size is exact by definition, except the radian's.

A row reads: symbols, long names, how many of the group's base unit it is, the prefixes that it usually takes. The first
symbol is the one that is written. `Mb` is none on purpose (a megabit or a megabyte?), nor is `a`, `b` or `y`, which
people want for names of their own.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from webapp.calculations.engine.values import Dimension, Number

# One radian in degrees, 180/π, to more digits than are ever kept.
RADIAN_DEGREES = Decimal("57.29577951308232087679815481410517033240547246656432154916")

DAY_SECONDS = 86_400
# The mean year of the Gregorian calendar, 365.2425 days.
YEAR_SECONDS = 31_556_952

_INCH = Fraction(254, 10_000)
_FOOT = Fraction(3_048, 10_000)
_MILE = Fraction(1_609_344, 1_000)
_POUND = Fraction(45_359_237, 100_000_000)
_GRAVITY = Fraction(980_665, 100_000)
_POUND_FORCE = _POUND * _GRAVITY
_GALLON = 231 * _INCH**3
_IMPERIAL_GALLON = Fraction(454_609, 100_000_000)
_KELVIN_OF_ICE = Fraction(27_315, 100)
_DIDOT = Fraction(376_065, 10**9)
# That of the International Tables.
_BTU = Fraction(105_505_585_262, 10**8)
# The conventional millimetre of mercury, in pascals.
_MERCURY = Fraction(133_322_387_415, 10**9)
_HORSEPOWER = 550 * _FOOT * _POUND_FORCE

# Symbol, word, power of ten.
DECIMAL_PREFIXES: tuple[tuple[str, str, int], ...] = (
    ("f", "femto", -15),
    ("p", "pico", -12),
    ("n", "nano", -9),
    ("µ", "micro", -6),
    ("m", "milli", -3),
    ("c", "centi", -2),
    ("d", "deci", -1),
    ("da", "deca", 1),
    ("h", "hecto", 2),
    ("k", "kilo", 3),
    ("M", "mega", 6),
    ("G", "giga", 9),
    ("T", "tera", 12),
    ("P", "peta", 15),
    ("E", "exa", 18),
)
# Symbol, word, power of two.
BINARY_PREFIXES: tuple[tuple[str, str, int], ...] = (
    ("Ki", "kibi", 10),
    ("Mi", "mebi", 20),
    ("Gi", "gibi", 30),
    ("Ti", "tebi", 40),
    ("Pi", "pebi", 50),
    ("Ei", "exbi", 60),
)

_METRIC = "p n µ m c d da h k M G T"
_SCIENCE = "p n µ m k M G"
_POWER = "n µ m k M G T"
_DATA = "k M G T P E Ki Mi Gi Ti Pi Ei"


class Row(NamedTuple):
    """One unit, in all its spellings, separated by spaces."""

    symbols: str
    words: str
    size: Number
    prefixes: str = ""
    # Added after the factor, for temperatures that do not begin at absolute zero.
    offset: Fraction = Fraction(0)


class Group(NamedTuple):
    """The units of one dimension, the base unit's size being 1."""

    label: str
    # What one amount of it is, with its article.
    noun: str
    dimension: Dimension
    rows: tuple[Row, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        "Length",
        "a length",
        (("length", 1),),
        (
            Row("m", "metre metres meter meters", Fraction(1), _METRIC),
            Row("in", "inch inches", _INCH),
            Row("ft", "foot feet", _FOOT),
            Row("yd", "yard yards", 3 * _FOOT),
            Row("mi", "mile miles", _MILE),
            Row("nmi", "nautical_mile nautical_miles", Fraction(1_852)),
            Row("cable", "cable cables", Fraction(1_852, 10)),
            Row("mil", "thou mils", _INCH / 1_000),
            Row("hand", "hand hands", 4 * _INCH),
            Row("ftm", "fathom fathoms", 6 * _FOOT),
            Row("rod", "rod rods", Fraction(33, 2) * _FOOT),
            Row("chain", "chain chains", 66 * _FOOT),
            Row("furlong", "furlong furlongs", 660 * _FOOT),
            Row("league", "league leagues", 3 * _MILE),
            Row("pt", "typographic_point typographic_points", _INCH / 72),
            Row("pica", "pica picas", _INCH / 6),
            Row("twip", "twip twips", _INCH / 1_440),
            Row("didot", "didot_point didot_points", _DIDOT),
            Row("cicero", "cicero ciceros", 12 * _DIDOT),
            Row("px", "pixel pixels", _INCH / 96),
            Row("Å", "angstrom angstroms ångström", Fraction(1, 10**10)),
            Row("au", "astronomical_unit astronomical_units", Fraction(149_597_870_700)),
            Row("ly", "light_year light_years lightyear lightyears", Fraction(299_792_458) * 36_525 * 864),
        ),
    ),
    Group(
        "Mass",
        "a mass",
        (("mass", 1),),
        (
            Row("kg", "kilogram kilograms kilogramme kilogrammes", Fraction(1)),
            Row("g", "gram grams gramme grammes", Fraction(1, 1_000), "p n µ m c d da h M G"),
            Row("t", "tonne tonnes", Fraction(1_000), "M G"),
            Row("lb lbs", "pound pounds", _POUND),
            Row("oz", "ounce ounces", _POUND / 16),
            Row("st", "stone stones", 14 * _POUND),
            Row("ukcwt", "long_hundredweight long_hundredweights", 112 * _POUND),
            Row("uscwt", "short_hundredweight short_hundredweights", 100 * _POUND),
            Row("gr", "grain grains", _POUND / 7_000),
            Row("dram", "dram drams", _POUND / 256),
            Row("dwt", "pennyweight pennyweights", 24 * _POUND / 7_000),
            Row("tola", "tola tolas", Fraction(116_638_038, 10**10)),
            Row("shortton", "short_ton short_tons shorttons", 2_000 * _POUND),
            Row("longton", "long_ton long_tons longtons", 2_240 * _POUND),
            Row("ozt", "troy_ounce troy_ounces", Fraction(311_034_768, 10**10)),
            Row("quintal", "quintal quintals", Fraction(100)),
            Row("zentner", "zentner", Fraction(50)),
            Row("carat", "carat carats", Fraction(2, 10_000)),
            Row("slug", "slug slugs", _POUND_FORCE / _FOOT),
        ),
    ),
    Group(
        "Time",
        "a time",
        (("time", 1),),
        (
            Row("s sec secs", "second seconds", Fraction(1), "f p n µ m"),
            Row("min mins", "minute minutes", Fraction(60)),
            Row("h hr hrs", "hour hours", Fraction(3_600)),
            Row("d", "day days", Fraction(DAY_SECONDS)),
            Row("w wk wks", "week weeks", Fraction(7 * DAY_SECONDS)),
            Row("fortnight", "fortnight fortnights", Fraction(14 * DAY_SECONDS)),
            Row("mo", "month months", Fraction(YEAR_SECONDS, 12)),
            Row("quarter", "quarter quarters", Fraction(YEAR_SECONDS, 4)),
            Row("yr yrs", "year years", Fraction(YEAR_SECONDS)),
            Row("decade", "decade decades", Fraction(10 * YEAR_SECONDS)),
            Row("century", "century centuries", Fraction(100 * YEAR_SECONDS)),
            Row("millennium", "millennium millennia millenniums", Fraction(1_000 * YEAR_SECONDS)),
        ),
    ),
    Group(
        "Working days", "a number of workdays", (("workday", 1),), (Row("workday", "workday workdays", Fraction(1)),)
    ),
    Group(
        "Temperature",
        "a temperature",
        (("temperature", 1),),
        (
            Row("K", "kelvin kelvins", Fraction(1), "µ m"),
            Row("°C degC", "degree_Celsius celsius Celsius", Fraction(1), offset=_KELVIN_OF_ICE),
            Row(
                "°F degF",
                "degree_Fahrenheit fahrenheit Fahrenheit",
                Fraction(5, 9),
                offset=_KELVIN_OF_ICE - Fraction(160, 9),
            ),
            Row("°R degR", "degree_Rankine rankine Rankine", Fraction(5, 9)),
        ),
    ),
    Group(
        "Area",
        "an area",
        (("length", 2),),
        (
            Row("are", "are ares", Fraction(100)),
            Row("ha", "hectare hectares", Fraction(10_000)),
            Row("acre", "acre acres", 43_560 * _FOOT**2),
            Row("rood", "rood roods", 10_890 * _FOOT**2),
            Row("dunam", "dunam dunams", Fraction(1_000)),
            Row("barn", "barn barns", Fraction(1, 10**28)),
        ),
    ),
    Group(
        "Volume",
        "a volume",
        (("length", 3),),
        (
            Row("L l", "litre litres liter liters", Fraction(1, 1_000), "µ m c d h k M"),
            Row("gal", "gallon gallons", _GALLON),
            Row("qt", "quart quarts", _GALLON / 4),
            Row("pint", "pint pints", _GALLON / 8),
            Row("cup", "cup cups", _GALLON / 16),
            Row("gill", "gill gills", _GALLON / 32),
            Row("floz", "fluid_ounce fluid_ounces", _GALLON / 128),
            Row("tbsp", "tablespoon tablespoons", _GALLON / 256),
            Row("tsp", "teaspoon teaspoons", _GALLON / 768),
            Row("metric_cup", "metric_cup metric_cups", Fraction(250, 10**6)),
            Row("metric_tbsp", "metric_tablespoon metric_tablespoons", Fraction(15, 10**6)),
            Row("metric_tsp", "metric_teaspoon metric_teaspoons", Fraction(5, 10**6)),
            Row("bushel", "bushel bushels", Fraction(215_042, 100) * _INCH**3),
            Row("peck", "peck pecks", Fraction(215_042, 400) * _INCH**3),
            Row("ukgal", "imperial_gallon imperial_gallons", _IMPERIAL_GALLON),
            Row("ukqt", "imperial_quart imperial_quarts", _IMPERIAL_GALLON / 4),
            Row("ukpint", "imperial_pint imperial_pints", _IMPERIAL_GALLON / 8),
            Row("ukfloz", "imperial_fluid_ounce imperial_fluid_ounces", _IMPERIAL_GALLON / 160),
            Row("bbl", "barrel barrels", 42 * _GALLON),
            Row("cord", "cord cords", 128 * _FOOT**3),
            Row("bdft", "board_foot board_feet", 144 * _INCH**3),
            Row("acreft", "acre_foot acre_feet", 43_560 * _FOOT**3),
        ),
    ),
    Group(
        "Speed",
        "a speed",
        (("length", 1), ("time", -1)),
        (
            Row("mph", "miles_per_hour", _MILE / 3_600),
            Row("kn kt", "knot knots", Fraction(1_852, 3_600)),
            Row("fps", "feet_per_second", _FOOT),
            Row("lightspeed", "speed_of_light", Fraction(299_792_458)),
        ),
    ),
    Group(
        "Acceleration",
        "an acceleration",
        (("length", 1), ("time", -2)),
        (Row("g0", "standard_gravity", _GRAVITY), Row("Gal", "galileo galileos", Fraction(1, 100), "m")),
    ),
    Group(
        "Force",
        "a force",
        (("length", 1), ("mass", 1), ("time", -2)),
        (
            Row("N", "newton newtons", Fraction(1), _POWER),
            Row("dyn", "dyne dynes", Fraction(1, 10**5)),
            Row("lbf", "pound_force", _POUND_FORCE),
            Row("ozf", "ounce_force", _POUND_FORCE / 16),
            Row("kip", "kip kips", 1_000 * _POUND_FORCE),
            Row("pdl", "poundal poundals", _POUND * _FOOT),
            Row("kgf kp", "kilopond kiloponds kilogram_force", _GRAVITY),
            Row("tf", "tonne_force", 1_000 * _GRAVITY),
        ),
    ),
    Group(
        "Pressure",
        "a pressure",
        (("length", -1), ("mass", 1), ("time", -2)),
        (
            Row("Pa", "pascal pascals", Fraction(1), "m h k M G"),
            Row("bar", "bar bars", Fraction(10**5), "m k"),
            Row("atm", "atmosphere atmospheres", Fraction(101_325)),
            Row("psi", "pounds_per_square_inch", _POUND_FORCE / _INCH**2),
            Row("ksi", "kips_per_square_inch", 1_000 * _POUND_FORCE / _INCH**2),
            Row("torr", "torr torrs", Fraction(101_325, 760)),
            Row("inHg", "inch_of_mercury", _MERCURY * Fraction(254, 10)),
            Row("mmHg", "millimetre_of_mercury", _MERCURY),
            Row("cmH2O", "centimetre_of_water", 10 * _GRAVITY),
        ),
    ),
    Group(
        "Energy",
        "an energy",
        (("length", 2), ("mass", 1), ("time", -2)),
        (
            Row("J", "joule joules", Fraction(1), _POWER),
            Row("Wh", "watt_hour watt_hours watthour watthours", Fraction(3_600), "m k M G T"),
            Row("cal", "calorie calories", Fraction(4_184, 1_000), "k"),
            Row("eV", "electronvolt electronvolts", Fraction(1_602_176_634, 10**28), "m k M G T"),
            Row("ftlb", "foot_pound foot_pounds", _FOOT * _POUND_FORCE),
            Row("erg", "erg ergs", Fraction(1, 10**7)),
            Row("BTU btu", "British_thermal_unit British_thermal_units", _BTU),
            Row("therm", "therm therms", 100_000 * _BTU),
            Row("tTNT", "ton_of_TNT tons_of_TNT", Fraction(4_184 * 10**6)),
            Row("toe", "tonne_of_oil tonnes_of_oil", Fraction(41_868 * 10**6)),
            Row("hph", "horsepower_hour horsepower_hours", 3_600 * _HORSEPOWER),
        ),
    ),
    Group(
        "Power",
        "a power",
        (("length", 2), ("mass", 1), ("time", -3)),
        (
            Row("W", "watt watts", Fraction(1), _POWER),
            Row("hp", "horsepower", _HORSEPOWER),
            Row("PS", "metric_horsepower", 75 * _GRAVITY),
        ),
    ),
    Group(
        "Data",
        "an amount of data",
        (("data", 1),),
        (
            Row("bit", "bit bits", Fraction(1), _DATA),
            Row("B", "byte bytes octet octets", Fraction(8), _DATA),
            Row("nibble", "nibble nibbles", Fraction(4)),
        ),
    ),
    Group("Data per time", "a rate of data", (("data", 1), ("time", -1)), ()),
    Group(
        "Angle",
        "an angle",
        (("angle", 1),),
        (
            Row("deg °", "degree degrees", Fraction(1)),
            Row("rad", "radian radians", RADIAN_DEGREES, "µ m"),
            Row("grad gon", "gradian gradians", Fraction(9, 10)),
            Row("turn", "turn turns revolution revolutions", Fraction(360)),
            Row("arcmin", "arcminute arcminutes", Fraction(1, 60)),
            Row("arcsec", "arcsecond arcseconds", Fraction(1, 3_600), "m µ"),
        ),
    ),
    Group(
        "Frequency",
        "a frequency",
        (("time", -1),),
        (Row("Hz", "hertz", Fraction(1), "m k M G T"), Row("rpm", "revolutions_per_minute", Fraction(1, 60))),
    ),
    Group(
        "Electric current",
        "an electric current",
        (("current", 1),),
        (Row("A", "ampere amperes amp amps", Fraction(1), _POWER),),
    ),
    Group(
        "Electric charge",
        "an electric charge",
        (("current", 1), ("time", 1)),
        (
            Row("C", "coulomb coulombs", Fraction(1), _SCIENCE),
            Row("Ah", "ampere_hour ampere_hours", Fraction(3_600), "m k"),
        ),
    ),
    Group(
        "Electric voltage",
        "an electric voltage",
        (("current", -1), ("length", 2), ("mass", 1), ("time", -3)),
        (Row("V", "volt volts", Fraction(1), _POWER),),
    ),
    Group(
        "Electric resistance",
        "an electric resistance",
        (("current", -2), ("length", 2), ("mass", 1), ("time", -3)),
        (Row("Ω", "ohm ohms", Fraction(1), "m k M G"),),
    ),
    Group(
        "Electric conductance",
        "an electric conductance",
        (("current", 2), ("length", -2), ("mass", -1), ("time", 3)),
        (Row("S", "siemens", Fraction(1), "µ m"),),
    ),
    Group(
        "Electric capacitance",
        "an electric capacitance",
        (("current", 2), ("length", -2), ("mass", -1), ("time", 4)),
        (Row("F", "farad farads", Fraction(1), "p n µ m"),),
    ),
    Group(
        "Inductance",
        "an inductance",
        (("current", -2), ("length", 2), ("mass", 1), ("time", -2)),
        (Row("H", "henry henrys henries", Fraction(1), "n µ m"),),
    ),
    Group(
        "Magnetic flux",
        "a magnetic flux",
        (("current", -1), ("length", 2), ("mass", 1), ("time", -2)),
        (Row("Wb", "weber webers", Fraction(1), "m"),),
    ),
    Group(
        "Magnetic flux density",
        "a magnetic flux density",
        (("current", -1), ("mass", 1), ("time", -2)),
        (Row("T", "tesla teslas", Fraction(1), "n µ m"), Row("gauss", "gauss gausses", Fraction(1, 10_000))),
    ),
    Group(
        "Amount of substance",
        "an amount of substance",
        (("substance", 1),),
        (Row("mol", "mole moles", Fraction(1), "n µ m k"),),
    ),
    Group(
        "Luminous intensity",
        "a luminous intensity",
        (("light", 1),),
        (Row("cd", "candela candelas", Fraction(1), "m k"),),
    ),
    Group(
        "Luminance",
        "a luminance",
        (("length", -2), ("light", 1)),
        (Row("nit", "nit nits", Fraction(1)),),
    ),
    Group("Luminous flux", "a luminous flux", (("flux", 1),), (Row("lm", "lumen lumens", Fraction(1), "m k"),)),
    Group(
        "Illuminance",
        "an illuminance",
        (("flux", 1), ("length", -2)),
        (Row("lx", "lux", Fraction(1), "m k"), Row("fc", "footcandle footcandles", 1 / _FOOT**2)),
    ),
    Group(
        "Radioactivity",
        "a radioactivity",
        (("activity", 1),),
        (
            Row("Bq", "becquerel becquerels", Fraction(1), "k M G T"),
            Row("Ci", "curie curies", Fraction(37 * 10**9), "n µ m k"),
        ),
    ),
    Group(
        "Absorbed dose",
        "an absorbed dose",
        (("length", 2), ("time", -2)),
        (Row("Gy", "gray grays", Fraction(1), "µ m c"),),
    ),
    Group(
        "Equivalent dose",
        "an equivalent dose",
        (("dose", 1),),
        (Row("Sv", "sievert sieverts", Fraction(1), "n µ m"), Row("rem", "rem rems", Fraction(1, 100), "m")),
    ),
    Group(
        "Viscosity",
        "a viscosity",
        (("length", -1), ("mass", 1), ("time", -1)),
        (Row("poise", "poise", Fraction(1, 10)), Row("cP", "centipoise", Fraction(1, 1_000))),
    ),
    Group(
        "Kinematic viscosity",
        "a kinematic viscosity",
        (("length", 2), ("time", -1)),
        (Row("stokes", "stokes", Fraction(1, 10_000)), Row("cSt", "centistokes", Fraction(1, 10**6))),
    ),
    Group(
        "Resolution",
        "a resolution",
        (("length", -1),),
        (Row("dpi ppi", "dots_per_inch pixels_per_inch", 1 / _INCH), Row("dpt", "dioptre dioptres", Fraction(1))),
    ),
    Group(
        "Linear density",
        "a mass per length",
        (("length", -1), ("mass", 1)),
        (
            Row("tex", "tex", Fraction(1, 10**6)),
            Row("dtex", "decitex", Fraction(1, 10**7)),
            Row("den", "denier deniers", Fraction(1, 9 * 10**6)),
        ),
    ),
)

# Spellings of what is written as other units, with their exponents: `5 m2` is 5 m^2.
ALIASES: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    ("m2 square_metre square_metres square_meter square_meters sqm", (("m", 2),)),
    ("mm2 square_millimetre square_millimetres square_millimeter square_millimeters", (("mm", 2),)),
    ("cm2 square_centimetre square_centimetres square_centimeter square_centimeters", (("cm", 2),)),
    ("km2 square_kilometre square_kilometres square_kilometer square_kilometers sqkm", (("km", 2),)),
    ("in2 square_inch square_inches sqin", (("in", 2),)),
    ("ft2 square_foot square_feet sqft", (("ft", 2),)),
    ("yd2 square_yard square_yards sqyd", (("yd", 2),)),
    ("mi2 square_mile square_miles sqmi", (("mi", 2),)),
    ("m3 cubic_metre cubic_metres cubic_meter cubic_meters cbm", (("m", 3),)),
    ("mm3 cubic_millimetre cubic_millimetres cubic_millimeter cubic_millimeters", (("mm", 3),)),
    ("cm3 cubic_centimetre cubic_centimetres cubic_centimeter cubic_centimeters cc ccm", (("cm", 3),)),
    ("dm3 cubic_decimetre cubic_decimetres cubic_decimeter cubic_decimeters", (("dm", 3),)),
    ("in3 cubic_inch cubic_inches cuin", (("in", 3),)),
    ("ft3 cubic_foot cubic_feet cuft", (("ft", 3),)),
    ("yd3 cubic_yard cubic_yards cuyd", (("yd", 3),)),
    ("mpg miles_per_gallon", (("mi", 1), ("gal", -1))),
    ("mps metres_per_second meters_per_second", (("m", 1), ("s", -1))),
    ("kmh kilometres_per_hour kilometers_per_hour kph", (("km", 1), ("h", -1))),
    ("bps bits_per_second", (("bit", 1), ("s", -1))),
    ("kbps kilobits_per_second", (("kbit", 1), ("s", -1))),
    ("Mbps megabits_per_second", (("Mbit", 1), ("s", -1))),
    ("Gbps gigabits_per_second", (("Gbit", 1), ("s", -1))),
)

# What units that are named for several are made of.
PARTS: dict[str, tuple[tuple[str, int], ...]] = {
    "mph": (("mi", 1), ("h", -1)),
    "kn": (("nmi", 1), ("h", -1)),
    "fps": (("ft", 1), ("s", -1)),
    "Wh": (("W", 1), ("h", 1)),
    "kWh": (("kW", 1), ("h", 1)),
    "MWh": (("MW", 1), ("h", 1)),
    "GWh": (("GW", 1), ("h", 1)),
    "Ah": (("A", 1), ("h", 1)),
    "mAh": (("mA", 1), ("h", 1)),
}

# What people write for units that are spelled quite differently, or refused because they could be two.
MEANT: dict[str, tuple[str, ...]] = {
    "b": ("bit", "B"),
    "kb": ("kB", "kbit"),
    "Kb": ("kB", "kbit"),
    "mb": ("MB", "Mbit"),
    "Mb": ("MB", "Mbit"),
    "gb": ("GB", "Gbit"),
    "Gb": ("GB", "Gbit"),
    "tb": ("TB", "Tbit"),
    "Tb": ("TB", "Tbit"),
    "a": ("yr", "are"),
    "y": ("yr",),
    "ct": ("carat",),
    "ltr": ("L",),
    "cwt": ("ukcwt", "uscwt"),
    "dollar": ("USD",),
    "dollars": ("USD",),
    "euro": ("EUR",),
    "euros": ("EUR",),
    "yen": ("JPY",),
    "fl": ("floz",),
}

# What could have been read in more than one way, what it is here, and how to write the other.
CHOICES: tuple[tuple[str, str, str], ...] = (
    ("m", "metre", "A minute is min, a month is mo, a million is 10^6."),
    ("M", "", "It is a prefix (MB) and no unit or number."),
    ("h", "hour", "In hl and hPa it is the prefix for a hundred."),
    ("d", "day", "24 hours, also when it is worked in; a working day is workday."),
    ("mo", "month", "A twelfth of 365.2425 days, except when it is added to a date."),
    ("yr", "year", "365.2425 days, except when it is added to a date. Neither y nor a is a unit."),
    ("s", "second", "The unit of conductance is S."),
    ("min", "minute", "Never a thousandth of an inch; that is mil."),
    ("in", "inch", "Right after a number; else it converts, as `to` does."),
    ("t", "tonne", "1000 kg; those of 2000 lb are shortton, of 2240 lb longton."),
    ("oz", "ounce", "A mass; the volume is floz, that of precious metals ozt."),
    ("pt", "typographic_point", "1/72 in; the measure of beer is pint or ukpint."),
    ("lb", "pound", "A mass; the force is lbf. £ is GBP."),
    ("gal", "gallon", "The US one of 231 in^3; the British one is ukgal. Gal is an acceleration."),
    ("cal", "calorie", "4.184 J; what stands on food is kcal."),
    ("kn", "knot", "A kilonewton is kN."),
    ("T", "tesla", "A tonne is t; in TB it is the prefix."),
    ("C", "coulomb", "A degree Celsius is °C or degC."),
    ("F", "farad", "A degree Fahrenheit is °F or degF."),
    ("PS", "metric_horsepower", "735.49875 W; hp is the mechanical one of 550 ft lbf/s."),
    ("B", "byte", "kB are 1000 of them, KiB 1024. A bit is bit; Mb could be either and is refused."),
    ("ft", "foot", "0.3048 m, also in acres, chains and rods: the US survey foot ended in 2022."),
    ("rpm", "revolutions_per_minute", "A frequency: 60 rpm are 1 Hz."),
    ("$", "USD", "Other dollars by their codes: AUD, CAD, HKD, NZD, SGD."),
    ("¥", "JPY", "The yuan is CNY."),
    ("£", "GBP", "Other pounds by their codes: EGP, LBP."),
)
