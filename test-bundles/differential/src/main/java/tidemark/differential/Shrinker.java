package tidemark.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Leaves out items of a stream as long as two machines still differ on it. */
final class Shrinker {
    private final Machine reference;
    private final Machine engine;
    private int runsLeft;

    /** @param runs how many guests to start at most */
    Shrinker(Machine reference, Machine engine, int runs) {
        this.reference = reference;
        this.engine = engine;
        runsLeft = runs;
    }

    Stream shrink(Stream stream) throws IOException, InterruptedException {
        List<Item> items = new ArrayList<>(stream.items());
        for (int chunk = Math.max(1, items.size() / 2); chunk > 0; chunk /= 2) {
            for (int from = items.size() - chunk; from >= 0; from -= chunk) {
                List<Item> fewer = new ArrayList<>(items);
                fewer.subList(from, from + chunk).clear();
                if (differ(new Stream(stream.seed(), fewer))) {
                    items = fewer;
                }
            }
        }
        for (int i = 0; i < items.size(); i++) {
            shrinkChildren(stream.seed(), items, i);
        }
        return new Stream(stream.seed(), List.copyOf(items));
    }

    private void shrinkChildren(long seed, List<Item> items, int index) throws IOException, InterruptedException {
        for (int child = items.get(index).children().size() - 1; child >= 0; child--) {
            Item whole = items.get(index);
            List<Item> children = new ArrayList<>(whole.children());
            children.remove(child);
            items.set(index, new Item(whole.kind(), whole.seed(), List.copyOf(children)));
            if (!differ(new Stream(seed, items))) {
                items.set(index, whole);
            }
        }
    }

    private boolean differ(Stream stream) throws IOException, InterruptedException {
        if (runsLeft-- <= 0) {
            return false;
        }
        byte[] image = new Batch(List.of(stream)).image();
        return Difference.between(reference.run(image).ram(), engine.run(image).ram(), 0) != null;
    }
}
