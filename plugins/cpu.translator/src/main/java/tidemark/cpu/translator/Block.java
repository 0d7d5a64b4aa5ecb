package tidemark.cpu.translator;

import java.util.ArrayList;
import java.util.List;

/** Instructions that are executed one after the other; only the last may jump. */
final class Block {
    final Place place;
    final List<Instruction> instructions = new ArrayList<>();
    /** Where it goes on unless its last instruction jumps; null if that always does. */
    Place next;
    /** Where its last instruction may jump to, as far as is known. */
    List<Place> targets = List.of();
    /** What comes next is left to the interpreter. */
    boolean rare;
    /** Its number in the order of translation. */
    int number;
    /** The most instructions from its beginning until the count is looked at again, or the region is left. */
    int longest;

    Block(Place place) {
        this.place = place;
    }

    Block copy() {
        Block copy = new Block(place);
        copy.instructions.addAll(instructions);
        copy.next = next;
        copy.targets = targets;
        copy.rare = rare;
        return copy;
    }

    /** The first half of its instructions. */
    Block half() {
        Block half = new Block(place);
        half.instructions.addAll(instructions.subList(0, size() / 2));
        half.next = new Place(instructions.get(size() / 2).pc(), place.context());
        return half;
    }

    int size() {
        return instructions.size();
    }

    /** Its last instruction if that is a jump; else null. */
    Instruction jump() {
        return size() != 0 && instructions.getLast().isJump() ? instructions.getLast() : null;
    }
}
