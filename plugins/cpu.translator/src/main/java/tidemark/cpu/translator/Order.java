package tidemark.cpu.translator;

/**
 * A region that is to be translated.
 *
 * @param plain for where another region had a miss: each access is checked by itself
 * @param cardShift log2 of what a card covers, -1 for no cards
 * @param astrayLimit after how many jumps that go astray it is to be made anew
 * @param state in which the hart came by: for the {@link Rehearsal}; null if there is to be none
 * @param customer who gets it
 */
record Order(Outline outline, boolean plain, int cardShift, int astrayLimit, Frame state, Customer customer) {}
