/** 64 pictures as ids, each with one plain name in every language; the names belong to the pages. */
export const emoji = [
  'dog', 'cat', 'horse', 'cow', 'pig', 'rabbit', 'elephant', 'lion', 'bear', 'fox', 'owl', 'duck', 'penguin', 'fish', 'turtle', 'bee',
  'snail', 'butterfly', 'tree', 'flower', 'mushroom', 'cactus', 'leaf', 'apple', 'banana', 'lemon', 'cherry', 'grapes', 'carrot', 'bread', 'cheese', 'egg',
  'cake', 'pizza', 'cup', 'spoon', 'house', 'castle', 'bridge', 'tent', 'car', 'train', 'bicycle', 'ship', 'plane', 'rocket', 'anchor', 'wheel',
  'sun', 'moon', 'star', 'cloud', 'umbrella', 'rainbow', 'fire', 'mountain', 'book', 'pencil', 'key', 'clock', 'lamp', 'guitar', 'drum', 'ball',
];
