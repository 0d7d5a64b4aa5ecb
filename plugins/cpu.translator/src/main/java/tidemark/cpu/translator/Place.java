package tidemark.cpu.translator;

/** Where a block begins: an address in the context of calls. */
record Place(long pc, Context context) {}
