package tidemark.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tidemark.api.device.DevicePart;
import tidemark.api.memory.BusFault;
import tidemark.api.state.State;
import tidemark.api.state.StateException;
import tidemark.testkit.TestMemory;

/** A machine, and what a seed has a hostile guest and an unlucky host do to it. */
final class Case implements AutoCloseable {
    static final int STEPS = 600;
    private static final int INTERRUPTS = 95;

    private final Draw draw;
    private final Board board;
    private final Map<Place, HostileDriver> drivers = new LinkedHashMap<>();
    private final List<HostileDriver> everyDriver;
    private String step = "making the machine";

    /** @param kinds the device parts by the kind's name */
    Case(long seed, Map<String, DevicePart> kinds, TestMemory ram) {
        board = new Board(ram);
        draw = new Draw(seed, ram.base(), ram.size());
        kinds.forEach((kind, part) -> {
            Place place = new Place(board, kind.replace('.', '-'), part, kind.equals("rtc") ? Map.of("time", "stopped") : Map.of(), !draw.oneIn(4));
            board.add(place);
            if (kind.startsWith("virtio.")) {
                drivers.put(place, new HostileDriver(place, board.ram(), draw));
            }
        });
        everyDriver = new ArrayList<>(drivers.values());
    }

    /** What it does now. */
    String step() {
        return step;
    }

    void step(int number) {
        step = "step " + number + ", ";
        Place place = board.places().get(draw.below(board.places().size()));
        HostileDriver driver = everyDriver.get(draw.below(everyDriver.size()));
        switch (draw.below(40)) {
            case 0, 1, 2, 3, 4, 5 -> access(place);
            case 6 -> run("driver starts", driver::start);
            case 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 -> run("driver offers", driver::offer);
            case 18, 19 -> run("driver scribbles", driver::scribble);
            case 20 -> run("driver stops a queue", driver::stopQueue);
            case 21 -> run("guest scribbles", () -> scribble(draw.bytes(1 + draw.below(64))));
            case 22, 23, 24, 25, 26 -> run("work ends", () -> board.endWork(draw));
            case 27, 28, 29, 30, 31 -> run("boundary", board::boundary);
            case 32 -> run("time passes", () -> board.pass(draw.oneIn(3) ? draw.number() : draw.below(10_000_000)));
            case 33 -> run("input", () -> board.places().forEach(any -> any.send(draw.bytes(1 + draw.below(100)))));
            case 34 -> run("frames", () -> board.places().forEach(any -> any.receiveFrame(draw.bytes(draw.below(draw.oneIn(8) ? 70_000 : 1600)))));
            case 35 -> run("interrupt", () -> board.interrupt(1 + draw.below(INTERRUPTS), draw.oneIn(2)));
            case 36 -> run("disk of " + place.name(), () -> place.content().failing(draw.oneIn(4)));
            case 37 -> run("restore of " + place.name(), () -> restore(place));
            case 38 -> run("damaged state for " + place.name(), () -> loadDamaged(place));
            default -> run("reset of " + place.name(), () -> resetOrNot(place));
        }
    }

    private void run(String what, Runnable action) {
        step += what;
        action.run();
    }

    private void scribble(byte[] bytes) {
        board.ram().put(draw.inRam(bytes.length), bytes);
    }

    /** Any offset in the device's window that is a multiple of the size, most often one of the first. */
    private void access(Place place) {
        int size = 1 << draw.below(4);
        long window = place.part().windowSize();
        long offset = (draw.oneIn(3) ? draw.any() & Long.MAX_VALUE : draw.below(0x200)) % window & -size;
        long value = draw.number();
        boolean store = draw.oneIn(2);
        step += "%s of %d bytes at 0x%x of %s, 0x%x".formatted(store ? "store" : "load", size, offset, place.name(), value);
        try {
            if (store) {
                place.device().store(offset, size, value);
            } else if (size < Long.BYTES && place.device().load(offset, size) >>> 8 * size != 0) {
                throw new AssertionError("not zero-extended");
            }
        } catch (BusFault e) {
            // The one thing that a device may say.
        }
    }

    private void resetOrNot(Place place) {
        if (draw.oneIn(4)) {
            place.reset();
        }
    }

    // States

    private static State copy(State state) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        state.write(new DataOutputStream(bytes));
        return State.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    private void restore(Place place) {
        State saved = place.device().save();
        try {
            place.exchange(copy(saved));
        } catch (StateException | IOException e) {
            throw new AssertionError("Its own state is refused", e);
        }
        if (!place.device().save().equals(saved)) {
            throw new AssertionError("Restored it differs in " + place.device().save().differences(saved));
        }
    }

    /** Fields with other values, missing, of another type. */
    private void loadDamaged(Place place) {
        State saved = place.device().save();
        List<String> fields = new ArrayList<>(saved.describe().keySet());
        State damaged = new State(saved.name(), draw.oneIn(10) ? (int) draw.number() : saved.version());
        String victim = fields.isEmpty() ? "" : fields.get(draw.below(fields.size()));
        step += ", " + victim;
        for (String field : fields) {
            if (!field.equals(victim)) {
                put(damaged, saved, field);
            } else if (!draw.oneIn(8)) {
                damage(damaged, saved, field);
            }
        }
        try {
            place.load(damaged);
        } catch (StateException e) {
            // It says so and is unchanged: the place has looked.
        }
    }

    private static void put(State to, State from, String field) {
        try {
            to.put(field, from.getLong(field));
        } catch (StateException e) {
            putBytes(to, from, field);
        }
    }

    private static void putBytes(State to, State from, String field) {
        try {
            to.put(field, from.getBytes(field));
        } catch (StateException e) {
            throw new AssertionError(e);
        }
    }

    private void damage(State to, State from, String field) {
        try {
            byte[] bytes = from.getBytes(field);
            switch (draw.below(3)) {
                case 0 -> to.put(field, draw.bytes(draw.below(100)));
                case 1 -> to.put(field, draw.number());
                default -> {
                    byte[] noise = draw.bytes(8);
                    System.arraycopy(noise, 0, bytes, bytes.length < 8 ? 0 : draw.below(bytes.length - 7), Math.min(8, bytes.length));
                    to.put(field, bytes);
                }
            }
        } catch (StateException e) {
            to.put(field, draw.number());
        }
    }

    // The end

    /** Whatever happened: every device serves a driver that keeps to the rules, and is as new after a reset of the machine. */
    void end() {
        for (int source = 1; source <= INTERRUPTS; source++) {
            board.interrupt(source, false);
        }
        board.places().forEach(Place::calm);
        step = "end";
        Sanity.resetByDrivers(board, drivers.keySet());
        for (Place place : drivers.keySet()) {
            step = "end, " + place.name();
            Sanity.serves(board, place);
        }
        // Twice: what the first one ends at another device's input may be pending in the interrupt controller.
        board.places().forEach(Place::reset);
        board.places().forEach(Place::reset);
        for (Place place : board.places()) {
            step = "end, reset of " + place.name();
            Sanity.asNew(place);
        }
        if (!board.ram().guardsIntact()) {
            throw new AssertionError("Bytes beside RAM were written");
        }
    }

    @Override
    public void close() {
        board.close();
    }
}
