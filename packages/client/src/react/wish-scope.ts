/** Changes of the wishlist wait for each other, so that the last answer is the last change's. */
export const wishScope = { id: "wishes" };
