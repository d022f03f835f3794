import type { PictureName } from "./picture-tints.ts";
import { singular } from "./singular.ts";

/**
 * Words of a product's name, in the singular and without accents, by the picture they ask for. Where no exact picture
 * exists, the nearest food stands in: courgette for cucumber, quince for pear.
 */
const words: Partial<Record<PictureName, string>> = {
  tomato: "tomato, tomatillo, passata, sugo",
  "leafy-green":
    "chard, kale, spinach, lettuce, leaf, leaf green, green, romaine, collard, collard green, mustard green, bok choy, pak choi, chicory, radicchio, endive, escarole, mizuna, tatsoi, watercress, cress, purslane, sorrel, nettle, cavolo nero, turnip green, beet green, dandelion",
  "green-salad":
    "salad, mesclun, salad mix, salad leaf, slaw, coleslaw, arugula, rocket, salad bar, microgreen",
  cabbage: "cabbage, brussels sprout, brussel sprout, kohlrabi, savoy, sauerkraut, kimchi, romanesco",
  broccoli: "broccoli, cauliflower, broccolini, rapini, broccoli rabe",
  carrot: "carrot, parsnip, root vegetable, celeriac, salsify, parsley root",
  radish: "radish, turnip, swede, rutabaga, daikon",
  beetroot: "beet, beetroot, red beet",
  potato: "potato, fingerling, spud, jerusalem artichoke, sunchoke, mashed potato, french fry",
  "roasted-sweet-potato": "sweet potato, yam",
  onion: "onion, shallot, red onion",
  garlic: "garlic, garlic bulb, black garlic",
  leek: "leek, scallion, spring onion, green onion, ramp, wild garlic, garlic scape, scape, fennel, celery",
  asparagus: "asparagus",
  "ear-of-corn":
    "popcorn, popping corn, corn, sweetcorn, sweet corn, maize, polenta, cornmeal, tortilla chip, tortilla",
  eggplant: "eggplant, aubergine",
  cucumber: "cucumber, courgette, zucchini, gherkin, pickle, summer squash, marrow, okra, pattypan",
  "bell-pepper":
    "bell pepper, pepper, sweet pepper, capsicum, green pepper, red pepper, padron pepper, artichoke",
  "hot-pepper":
    "chili, chilli, chile, hot pepper, jalapeno, habanero, cayenne, hot sauce, salsa, harissa, spice, paprika, seasoning",
  pumpkin: "pumpkin, kabocha, hokkaido, red kuri",
  "butternut-squash":
    "squash, butternut, butternut squash, winter squash, acorn squash, delicata, gourd, spaghetti squash",
  "pea-pod":
    "pea, sugar snap, snap pea, snow pea, mangetout, green bean, french bean, runner bean, broad bean, fava bean, fava, edamame, pea shoot, string bean",
  beans: "bean, lentil, chickpea, borlotti, dry bean, kidney bean, hummus, tofu, tempeh, pulse, refried bean",
  "brown-mushroom":
    "mushroom, shiitake, oyster mushroom, chanterelle, morel, truffle, champignon, cremini, portobello, porcini",
  avocado: "avocado, guacamole",
  olive: "olive, olive oil, caper, tapenade, oil, shortening",
  "ginger-root": "ginger, turmeric, galangal, horseradish, ginger root",
  chestnut: "chestnut, hazelnut, walnut, acorn, pecan, filbert",
  peanuts:
    "peanut, nut, almond, cashew, pistachio, peanut butter, nut butter, granola, muesli, trail mix, sunflower seed, pnt btr",

  "red-apple":
    "apple, braeburn, gala, fuji, honeycrisp, applesauce, apple sauce, dried apple, crabapple, pink lady, pomegranate, fruit",
  "green-apple": "granny smith, green apple, bramley, cooking apple, guava",
  pear: "pear, quince, conference, bartlett, comice",
  peach: "peach, nectarine, apricot, white peach",
  plum: "plum, prune, damson, greengage, fig, pluot, mirabelle, passion fruit, date",
  cherries: "cherry, sour cherry, morello, cornelian cherry",
  strawberry: "strawberry, wild strawberry, rhubarb",
  raspberry:
    "raspberry, loganberry, tayberry, red currant, redcurrant, currant, cranberry, berry, mixed berry, lychee",
  blueberries:
    "blueberry, blackberry, bilberry, black currant, blackcurrant, elderberry, huckleberry, mulberry, boysenberry, sloe, aronia",
  grapes: "grape, raisin, concord, muscat, grape juice, verjus",
  melon: "melon, cantaloupe, honeydew, galia, charentais",
  watermelon: "watermelon",
  tangerine:
    "tangerine, orange, mandarin, clementine, satsuma, grapefruit, persimmon, kumquat, blood orange, citrus, kaki",
  lemon: "lemon, yuzu, meyer lemon, lemon curd, bergamot",
  lime: "lime, finger lime, key lime",
  banana: "banana, plantain",
  pineapple: "pineapple, tropical fruit",
  mango: "mango, papaya, pawpaw",
  "kiwi-fruit": "kiwi, kiwifruit, kiwi fruit, gooseberry, feijoa, hardy kiwi, kiwi berry",
  coconut: "coconut, coconut oil",

  herb: "herb, basil, parsley, cilantro, coriander, dill, mint, thyme, oregano, rosemary, sage, chive, tarragon, marjoram, bay, bay leaf, lemongrass, chervil, lovage, savory, shiso, lemon balm, pesto, verbena, herb mix, stevia",
  seedling:
    "seedling, start, plug, sprout, sprouting, tomato plant, vegetable start, wheatgrass, transplant, seed, seed packet, compost, soil, fertilizer",
  "potted-plant":
    "plant, potted plant, houseplant, potted herb, pot plant, shrub, tomato seedling, basil plant, herb plant, succulent mix",
  shamrock: "clover, wood sorrel, shamrock, alfalfa",
  "sheaf-of-rice":
    "wheat, flour, oat, barley, spelt, rye, grain, buckwheat, farro, quinoa, millet, bran, bread flour, whole wheat flour, rye flour, cereal, emmer, einkorn, rolled oat, oatmeal, rice flour, hot cereal, cold cereal, straw, hay",
  "maple-leaf": "maple, maple syrup, syrup, maple sugar, maple candy, molasses",
  "evergreen-tree": "christmas tree, wreath, evergreen, spruce, fir, pine",
  cactus: "cactus, succulent, aloe, prickly pear, agave",
  wood: "wood, firewood, cutting board, wooden spoon, charcoal, log, carving",

  bouquet: "bouquet, flower, cut flower, mixed bouquet, arrangement, wildflower, edible flower, posy, floral",
  rose: "rose, rosehip, rose hip, rose petal, peony, carnation",
  tulip: "tulip, bulb, ranunculus, crocus, lily",
  sunflower: "sunflower, dahlia, marigold, zinnia, calendula",
  blossom:
    "hyacinth, lavender, lilac, hydrangea, delphinium, iris, snapdragon, blossom, daisy, chamomile, aster, elderflower, daffodil, narcissus, cosmos, nasturtium, anemone",

  "cheese-wedge":
    "cheese, mozzarella, cheddar, gouda, feta, brie, camembert, ricotta, parmesan, pecorino, chevre, halloumi, gruyere, burrata, blue cheese, goat cheese, goat milk cheese, sheep cheese, cream cheese, cottage cheese, curd, cheese curd, manchego, paneer, mascarpone, tomme, quark, provolone, emmental, comte, raclette",
  "glass-of-milk":
    "milk, kefir, buttermilk, cream, yogurt, yoghurt, skyr, creme fraiche, sour cream, whey, goat milk, heavy cream, half and half, milk product, yog, oat milk, almond milk, formula",
  butter: "butter, ghee, margarine, lard, tallow, spread, schmaltz",
  egg: "egg, chicken egg, hen egg, pullet egg",
  "nest-with-eggs": "duck egg, quail egg, goose egg, turkey egg, blue egg",
  "ice-cream": "ice cream, gelato, sorbet, frozen yogurt, sundae, ice, sherbet, popsicle, frozen novelty",
  custard: "custard, pudding, flan, panna cotta, creme caramel, dessert, caramel, gelatin",

  bread:
    "bread, loaf, sourdough, rye bread, toast, brioche, sandwich loaf, focaccia, bun, roll, dinner roll, soda bread, cornbread, challah, bakery, batard, miche, boule, crouton, stuffing",
  "baguette-bread": "baguette, ciabatta, ficelle, breadstick, grissini, french bread",
  croissant:
    "croissant, pastry, danish, pain au chocolat, viennoiserie, turnover, strudel, cinnamon roll, kouign amann",
  pretzel: "pretzel, cracker, crisp, chip, snack, salty snack, potato chip, bag snack",
  bagel: "bagel, bialy, english muffin",
  flatbread: "flatbread, pita, naan, lavash, wrap, crispbread, taco shell",
  pancakes: "pancake, crepe, blini, pancake mix, baking mix",
  waffle: "waffle, frozen breakfast",
  pie: "pie, tart, quiche, galette, cobbler, crumble, hand pie, fruit pie",
  "birthday-cake":
    "cake, carrot cake, sponge, pound cake, cheesecake, tiramisu, gateau, coffee cake, sheet cake, frosting",
  cupcake: "cupcake, muffin, scone, brownie, blondie, macaron, meringue, snack cake, banana bread",
  cookie: "cookie, biscuit, shortbread, biscotti, gingerbread, granola bar, oatcake, snack bar",
  doughnut: "doughnut, donut, beignet, churro",
  sandwich: "sandwich, panini, lunch, deli, burger, prepared food, convenient food",
  dumpling: "dumpling, ravioli, empanada, pierogi, tortellini, gyoza, samosa, pasty",
  pizza: "pizza, calzone",
  "pot-of-food":
    "soup, stew, broth, stock, chili con carne, ragout, curry, casserole, bone broth, stuffed cabbage, chowder, minestrone, dinner, entree, meal, ready meal, gumbo",
  spaghetti:
    "pasta, spaghetti, noodle, linguine, tagliatelle, macaroni, gnocchi, pasta sauce, lasagna, penne, egg noodle",
  "cooked-rice": "rice, brown rice, wild rice, risotto, couscous, bulgur",
  candy: "candy, sweet, toffee, fudge, lollipop, nougat, marshmallow, gum, mint candy, marzipan",
  "chocolate-bar": "chocolate, cocoa, chocolate bar, praline, truffle chocolate, cacao, hot chocolate",
  "canned-food":
    "canned, preserve, tomato sauce, sauce, ketchup, relish, chutney, tin, canned tomato, condiment, canned vegetable, canned fruit, pet food, vegetable can",
  salt: "salt, sea salt, pepper mill, sugar, baking soda, spice extract",

  "honey-pot":
    "honey, honeycomb, comb honey, creamed honey, mead, wildflower honey, linden honey, acacia honey, propolis, royal jelly",
  honeybee: "bee, pollen, bee pollen, queen bee, nucleus",
  jar: "jam, jelly, marmalade, jar, compote, preserved lemon, mustard, mayonnaise, mayo, dressing, vinegar, dip, kraut, tahini, fruit butter, apple butter, pickled vegetable, giardiniera, tea jelly, salad dressing",

  "hot-beverage": "coffee, espresso, coffee bean, latte, cold brew, chicory coffee",
  teapot: "tea, herbal tea, tisane, kombucha, green tea, infusion, mint tea, chamomile tea, yerba mate",
  "tropical-drink": "cocktail, lemonade, smoothie, shrub drink, cordial, mocktail, punch, ice tea, iced tea",
  "wine-glass":
    "wine, red wine, white wine, rose wine, port, sherry, spirit, brandy, liqueur, whiskey, vodka, gin",
  "beer-mug": "beer, ale, stout, lager, hop, malt, ipa, porter, pilsner",
  "bottle-with-popping-cork":
    "cider, hard cider, sparkling wine, prosecco, champagne, perry, sparkling cider, cider vinegar",
  "beverage-box":
    "juice, apple juice, apple cider, nectar, carrot juice, must, orange juice, vegetable juice, fruit drink",
  "cup-with-straw": "soda, soft drink, cola, water, drink, beverage, isotonic drink, tonic",

  "cut-of-meat":
    "beef, steak, veal, lamb, mutton, pork chop, chop, ribeye, sirloin, brisket, roast, venison, bison, ground beef, mince, goat meat, pork, loin, stew meat, meat, burger patty, lamb chop, filet, smoked meat, offal, liver, jerky, elk, boar",
  "meat-on-bone":
    "shank, rib, spare rib, ham, ham hock, lamb leg, leg of lamb, oxtail, osso buco, prosciutto, marrow bone, soup bone",
  "poultry-leg":
    "chicken, drumstick, turkey leg, whole chicken, chicken thigh, wing, poultry, chicken breast, duck breast, confit, guinea fowl, duck leg, hen, capon",
  bacon: "bacon, pancetta, guanciale, pork belly, lardon, speck, lunchmeat, luncheon meat",
  "hot-dog":
    "sausage, hot dog, bratwurst, chorizo, merguez, salami, frankfurter, frankfurter sausage, kielbasa, wiener, pepperoni, breakfast sausage, andouille, pate",
  fish: "fish, trout, salmon, cod, bass, tuna, perch, carp, smoked trout, mackerel, herring, pike, halibut, sardine, anchovy, seafood, smoked salmon, catfish, tilapia, char, haddock, whitefish, eel",
  shrimp: "shrimp, prawn, crayfish, langoustine, crawfish",
  crab: "crab, lobster",
  oyster: "oyster, mussel, clam, scallop, shellfish, cockle, abalone",
  pig: "pig, piglet, half pig, hog",
  cow: "cow, calf, beef share, quarter beef, half beef",
  rooster: "rooster, stewing hen, cockerel, laying hen",
  rabbit: "rabbit, hare",
  ewe: "sheep, sheepskin, fleece, ewe",
  goat: "goat, kid",
  duck: "duck, goose, duckling, duck fat",
  turkey: "turkey, ground turkey, turkey breast, whole turkey, heritage turkey",

  basket: "basket, box, csa, share, hamper, veg box, farm share, vegetable share, harvest box",
  candle: "candle, beeswax, wax, beeswax candle, tealight",
  soap: "soap, shampoo, lotion, balm, salve, cream soap, goat milk soap, lip balm, detergent, toothpaste, deodorant, bath, hair care, hand cream, cleanser, conditioner, sanitizer, oral hygiene, skin care, cosmetic, lavender soap, household cleaning",
  yarn: "yarn, wool, knit, mitten, scarf, hat, textile, alpaca yarn, sock",
  "wrapped-gift":
    "gift, gift card, voucher, gift box, gift basket, greeting card, card, ornament, seasonal decoration",
  package:
    "package, packaging, parcel, bag, paper, napkin, towel, tissue, paper towel, household, supply, pottery, bowl, mug, magazine, cigarette, diaper, battery, film",
  feather: "feather, down, pillow",
};

/** Words of a category's name. "Root Vegetables" is read by its end, so one word can stand for many categories. */
const categories: Partial<Record<PictureName, string>> = {
  carrot: "root, root vegetable, vegetable, veg, veggie, produce",
  "leafy-green": "green, leafy, salad green, brassica, leafy green",
  herb: "herb, seasoning herb",
  "red-apple": "fruit, apple, orchard, pome fruit",
  peach: "stone fruit",
  strawberry: "berry, soft fruit",
  tomato: "nightshade, tomato",
  pumpkin: "pumpkin, gourd",
  "butternut-squash": "squash, cucurbit",
  melon: "melon",
  tangerine: "citrus",
  "cheese-wedge": "cheese, dairy, dairy deli",
  "glass-of-milk": "milk",
  egg: "egg, dairy egg, egg dairy",
  bread: "bread, bakery, baked, baked good",
  croissant: "pastry, viennoiserie",
  "cut-of-meat": "meat, beef, butcher, lamb, pork, charcuterie, meat pckgd, game",
  "poultry-leg": "poultry, chicken",
  fish: "fish, seafood, seafood pckgd",
  jar: "preserved, preserve, pantry, condiment, jam, larder, pickle, ferment, sauce",
  "sheaf-of-rice": "grain, flour, cereal, grocery grain, mill",
  beans: "pulse, legume, bean",
  "brown-mushroom": "mushroom, fungus, fungi",
  chestnut: "nut",
  "honey-pot": "honey, apiary, sweetener",
  "beverage-box": "drink, beverage, juice",
  "wine-glass": "wine, alcohol, spirit",
  "pot-of-food": "prepared, prepared food, ready, soup, kitchen, frozen, frozen grocery",
  bouquet: "flower, cut flower, floral, bouquet",
  seedling: "plant, seedling, nursery, garden, garden center, start, plant start",
  candle: "craft, gift, home",
  soap: "cosmetic, body, care, drug, drug gm, wellness, beauty, bath",
  sandwich: "deli, salad bar, restaurant, convenience",
  basket: "grocery, box, share, misc, other",
};

export const picturesByWord: ReadonlyMap<string, PictureName> = invert(words);
export const categoryPictures: ReadonlyMap<string, PictureName> = invert(categories);

function invert(table: Partial<Record<PictureName, string>>): Map<string, PictureName> {
  const inverted = new Map<string, PictureName>();
  for (const [picture, phrases] of Object.entries(table) as [PictureName, string][]) {
    for (const written of phrases.split(", ")) {
      const phrase = written.split(" ").map(singular).join(" ");
      if (!inverted.has(phrase)) inverted.set(phrase, picture);
    }
  }
  return inverted;
}
