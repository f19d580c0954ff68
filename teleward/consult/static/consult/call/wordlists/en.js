/** 256 short words, easily said and told apart. A place in the list is a byte: the order never changes. */
export const english = `
  acorn album almond amber anchor ankle apple apron
  arena aspen atlas attic autumn award bacon badge
  bagel bakery ballet banana banjo banner barber barrel
  basil beard beaver beetle bell bench bird bottle
  bread breeze brick bridge bronze broom brush bundle
  cabin cactus camera candle canoe canvas carpet cashew
  cattle cedar cello cereal chair chalk cherry chess
  circus citrus clay cliff clock cloud clover coast
  coffee comet copper coral cotton cradle crown dancer
  denim desert donkey dragon drawer drum duck dune
  eagle easel echo elbow engine fabric falcon farmer
  fence ferry fiddle field flag flute fossil fox
  frame friend fruit garage garlic gate gazebo glass
  glove goblet grape guitar hammer harp hazel helmet
  heron honey hood hotel husky igloo indigo island
  ivory jacket jaguar jigsaw kayak kettle kiwi koala
  lace lagoon lawn lemon lentil letter lilac locker
  lotus lumber maple marble meadow melody meteor mirror
  moon mosaic muffin museum napkin navy needle nephew
  nest noodle novel nutmeg oasis ocean olive onion
  opera orange orbit otter oven owl oyster palace
  panda papaya parade parrot peanut pebble pencil pepper
  piano picnic pigeon pilot pirate planet plum poem
  polar potato puppet puzzle quartz quilt rabbit raisin
  raven ribbon river robin rocket rose ruby ruler
  sailor salad salmon satin scarf school shadow shelf
  shovel singer skate sled snow soccer spider spoon
  stable stairs statue stork stove straw sugar summer
  sunset swan swing tango temple tennis ticket tiger
  topaz torch tower tulip tunnel turtle twig valley
  velvet violin voyage wagon walrus water willow window
  winter wolf yacht yellow yogurt zebra zigzag zipper
`
  .trim()
  .split(/\s+/);
