/** One name for each unit of measure that a title or a query may give, by each way it is written in lower case. */
export const unitNames: ReadonlyMap<string, string> = namesOf(
  'in inch inches inche "',
  "ft foot feet '",
  "yd yard yards",
  "mm millimeter millimeters millimetre millimetres",
  "cm centimeter centimeters centimetre centimetres",
  "m meter meters metre metres",
  "oz ounce ounces",
  "lb lbs pound pounds",
  "g gram grams",
  "kg kilo kilos kilogram kilograms",
  "ml milliliter milliliters millilitre millilitres",
  "l liter liters litre litres",
  "gal gallon gallons",
  "qt quart quarts",
  "pt pint pints",
  "w watt watts",
  "v volt volts",
  "amp amps ampere amperes",
  "pack pk packs ct count pc pcs piece pieces",
  "gb gigabyte gigabytes",
  "tb terabyte terabytes",
  "mp megapixel megapixels",
);

/** The same for what else is counted: they may be what the thing is, too. */
export const countedNames: ReadonlyMap<string, string> = namesOf(
  "cu cubic",
  "sq square",
  "ga gauge",
  "hp horsepower",
  "btu btus",
  "cfm",
  "light lights",
  "panel panels",
  "burner burners",
  "gang gangs",
);

/** @param lines a name and the other ways to write it each, separated by spaces */
function namesOf(...lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const [name = "", ...others] = line.split(" ");
      return [name, ...others].map((other): [string, string] => [other, name]);
    }),
  );
}
