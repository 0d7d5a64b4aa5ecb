package tidemark.cpu.translator;

/**
 * A region that is to be translated.
 *
 * @param plain for where another region had a miss: each access is checked by itself
 * @param cardShift log2 of what a card covers, -1 for no cards
 */
record Order(Outline outline, boolean plain, int cardShift) {}
