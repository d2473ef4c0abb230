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
            Row("nmi", "nauticalmile nauticalmiles nautical_mile nautical_miles", Fraction(1_852)),
            Row("mil", "thou mils", _INCH / 1_000),
            Row("ftm", "fathom fathoms", 6 * _FOOT),
            Row("rod", "rods", Fraction(33, 2) * _FOOT),
            Row("chain", "chains", 66 * _FOOT),
            Row("furlong", "furlongs", 660 * _FOOT),
            Row("league", "leagues", 3 * _MILE),
            Row("pt", "typographic_point typographic_points", _INCH / 72),
            Row("pica", "picas", _INCH / 6),
            Row("px", "pixel pixels", _INCH / 96),
            Row("Å", "angstrom angstroms ångström", Fraction(1, 10**10)),
            Row("au", "astronomicalunit astronomical_unit astronomical_units", Fraction(149_597_870_700)),
            Row("ly", "lightyear lightyears light_year light_years", Fraction(299_792_458) * 36_525 * 864),
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
            Row("gr", "grain grains", _POUND / 7_000),
            Row("drachm", "drachms dram drams", _POUND / 256),
            Row("cwt", "hundredweight hundredweights", 112 * _POUND),
            Row("shortton", "shorttons short_ton short_tons", 2_000 * _POUND),
            Row("longton", "longtons long_ton long_tons", 2_240 * _POUND),
            Row("ozt", "troyounce troyounces troy_ounce troy_ounces", Fraction(311_034_768, 10**10)),
            Row("ct", "carat carats", Fraction(2, 10_000)),
            Row("slug", "slugs", _POUND_FORCE / _FOOT),
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
            Row("fortnight", "fortnights", Fraction(14 * DAY_SECONDS)),
            Row("mo", "month months", Fraction(YEAR_SECONDS, 12)),
            Row("quarter", "quarters", Fraction(YEAR_SECONDS, 4)),
            Row("yr yrs", "year years", Fraction(YEAR_SECONDS)),
            Row("decade", "decades", Fraction(10 * YEAR_SECONDS)),
            Row("century", "centuries", Fraction(100 * YEAR_SECONDS)),
        ),
    ),
    Group("Working days", "a number of workdays", (("workday", 1),), (Row("workday", "workdays", Fraction(1)),)),
    Group(
        "Temperature",
        "a temperature",
        (("temperature", 1),),
        (
            Row("K", "kelvin kelvins", Fraction(1), "µ m"),
            Row("°C degC", "celsius", Fraction(1), offset=_KELVIN_OF_ICE),
            Row("°F degF", "fahrenheit", Fraction(5, 9), offset=_KELVIN_OF_ICE - Fraction(160, 9)),
            Row("°R degR", "rankine", Fraction(5, 9)),
        ),
    ),
    Group(
        "Area",
        "an area",
        (("length", 2),),
        (
            Row("are", "ares", Fraction(100)),
            Row("ha", "hectare hectares", Fraction(10_000)),
            Row("acre", "acres", 43_560 * _FOOT**2),
            Row("sqm", "square_metre square_metres square_meter square_meters", Fraction(1)),
            Row("sqkm", "square_kilometre square_kilometres square_kilometer square_kilometers", Fraction(10**6)),
            Row("sqin", "square_inch square_inches", _INCH**2),
            Row("sqft", "square_foot square_feet", _FOOT**2),
            Row("sqyd", "square_yard square_yards", 9 * _FOOT**2),
            Row("sqmi", "square_mile square_miles", _MILE**2),
        ),
    ),
    Group(
        "Volume",
        "a volume",
        (("length", 3),),
        (
            Row("L l", "litre litres liter liters", Fraction(1, 1_000), "µ m c d h k M"),
            Row("cc", "cubic_centimetre cubic_centimetres cubic_centimeter cubic_centimeters", Fraction(1, 10**6)),
            Row("cbm", "cubic_metre cubic_metres cubic_meter cubic_meters", Fraction(1)),
            Row("gal", "gallon gallons", _GALLON),
            Row("qt", "quart quarts", _GALLON / 4),
            Row("pint", "pints", _GALLON / 8),
            Row("cup", "cups", _GALLON / 16),
            Row("floz", "fluidounce fluidounces fluid_ounce fluid_ounces", _GALLON / 128),
            Row("tbsp", "tablespoon tablespoons", _GALLON / 256),
            Row("tsp", "teaspoon teaspoons", _GALLON / 768),
            Row("ukgal", "imperial_gallon imperial_gallons", _IMPERIAL_GALLON),
            Row("ukpint", "ukpints imperial_pint imperial_pints", _IMPERIAL_GALLON / 8),
            Row("ukfloz", "imperial_fluid_ounce imperial_fluid_ounces", _IMPERIAL_GALLON / 160),
            Row("bbl", "barrel barrels", 42 * _GALLON),
            Row("cuin", "cubic_inch cubic_inches", _INCH**3),
            Row("cuft", "cubic_foot cubic_feet", _FOOT**3),
            Row("cuyd", "cubic_yard cubic_yards", 27 * _FOOT**3),
        ),
    ),
    Group(
        "Speed",
        "a speed",
        (("length", 1), ("time", -1)),
        (
            Row("mps", "metres_per_second meters_per_second", Fraction(1)),
            Row("kmh kph", "kilometres_per_hour kilometers_per_hour", Fraction(10, 36)),
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
            Row("lbf", "poundforce pound_force", _POUND_FORCE),
            Row("kgf kp", "kilopond kiloponds kilogram_force", _GRAVITY),
        ),
    ),
    Group(
        "Pressure",
        "a pressure",
        (("length", -1), ("mass", 1), ("time", -2)),
        (
            Row("Pa", "pascal pascals", Fraction(1), "m h k M G"),
            Row("bar", "bars", Fraction(10**5), "m k"),
            Row("atm", "atmosphere atmospheres", Fraction(101_325)),
            Row("psi", "pounds_per_square_inch", _POUND_FORCE / _INCH**2),
            Row("torr", "torrs", Fraction(101_325, 760)),
            Row("mmHg", "millimetre_of_mercury", Fraction(133_322_387_415, 10**9)),
        ),
    ),
    Group(
        "Energy",
        "an energy",
        (("length", 2), ("mass", 1), ("time", -2)),
        (
            Row("J", "joule joules", Fraction(1), _POWER),
            Row("Wh", "watthour watthours watt_hour watt_hours", Fraction(3_600), "m k M G T"),
            Row("cal", "calorie calories", Fraction(4_184, 1_000), "k"),
            Row("eV", "electronvolt electronvolts", Fraction(1_602_176_634, 10**28), "m k M G T"),
            Row("erg", "ergs", Fraction(1, 10**7)),
            Row("BTU", "btu btus", Fraction(105_505_585_262, 10**8)),
            Row("therm", "therms", 100_000 * Fraction(105_505_585_262, 10**8)),
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
            Row("bit bits", "bit bits", Fraction(1), _DATA),
            Row("B", "byte bytes octet octets", Fraction(8), _DATA),
            Row("nibble", "nibbles", Fraction(4)),
        ),
    ),
    Group(
        "Data per time",
        "a rate of data",
        (("data", 1), ("time", -1)),
        (Row("bps", "bits_per_second", Fraction(1), "k M G T"),),
    ),
    Group(
        "Angle",
        "an angle",
        (("angle", 1),),
        (
            Row("deg °", "degree degrees", Fraction(1)),
            Row("rad", "radian radians", RADIAN_DEGREES, "µ m"),
            Row("grad gon", "gradian gradians", Fraction(9, 10)),
            Row("turn", "turns revolution revolutions", Fraction(360)),
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
            Row("Ah", "amperehour amperehours ampere_hour ampere_hours", Fraction(3_600), "m k"),
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
        "Magnetism",
        "an inductance",
        (("current", -2), ("length", 2), ("mass", 1), ("time", -2)),
        (Row("H", "henry henrys henries", Fraction(1), "n µ m"),),
    ),
    Group(
        "Magnetic flux density",
        "a magnetic flux density",
        (("current", -1), ("mass", 1), ("time", -2)),
        (Row("T", "tesla teslas", Fraction(1), "n µ m"), Row("gauss", "gausses", Fraction(1, 10_000))),
    ),
    Group(
        "Amount of substance",
        "an amount of substance",
        (("substance", 1),),
        (Row("mol", "mole moles", Fraction(1), "n µ m k"),),
    ),
    Group("Light", "a luminous intensity", (("light", 1),), (Row("cd", "candela candelas", Fraction(1), "m k"),)),
)
