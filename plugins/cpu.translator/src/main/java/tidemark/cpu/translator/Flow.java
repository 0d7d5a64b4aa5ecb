package tidemark.cpu.translator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The control flow of a region: blocks in an order in which an edge leads backward only if it closes a loop (reverse postorder). */
final class Flow {
    private final Map<Place, Block> blocks;
    private final List<Block> order = new ArrayList<>();

    /** @param blocks by their beginnings */
    Flow(Place entry, Map<Place, Block> blocks) {
        this.blocks = blocks;
        walk(blocks.get(entry), new HashSet<>());
        Collections.reverse(order);
        for (int i = 0; i < order.size(); i++) {
            order.get(i).number = i;
        }
        for (Block block : order.reversed()) {
            block.longest = block.size() + longest(block);
        }
    }

    private void walk(Block block, Set<Block> seen) {
        if (block == null || !seen.add(block)) {
            return;
        }
        block.targets.forEach(target -> walk(at(target), seen));
        walk(block.next == null ? null : at(block.next), seen); // last, so that it comes right behind this one
        order.add(block);
    }

    private int longest(Block block) {
        int longest = block.next == null ? 0 : forward(block, block.next);
        for (Place target : block.targets) {
            longest = Math.max(longest, forward(block, target));
        }
        return longest;
    }

    private int forward(Block from, Place to) {
        Block block = at(to);
        return block == null || block.number <= from.number ? 0 : block.longest;
    }

    /** About the first half of this, with the same entry. */
    Flow half() {
        Block first = order.getFirst();
        if (order.size() == 1) {
            return new Flow(first.place, Map.of(first.place, first.half()));
        }
        Map<Place, Block> fewer = new HashMap<>();
        order.subList(0, order.size() / 2).forEach(block -> fewer.put(block.place, block.copy()));
        return new Flow(first.place, fewer);
    }

    /** In the order of translation; the first is the entry. */
    List<Block> blocks() {
        return order;
    }

    /** The block that begins at a place, be it that of another lap; or null if that is not in the region. */
    Block at(Place place) {
        Block block = blocks.get(place);
        return block != null || place.lap() == 0 ? block : blocks.get(place.firstLap());
    }

    int instructions() {
        return order.stream().mapToInt(Block::size).sum();
    }
}
