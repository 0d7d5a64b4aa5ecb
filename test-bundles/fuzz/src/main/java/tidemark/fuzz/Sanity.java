package tidemark.fuzz;

import static tidemark.testkit.DriverQueue.in;
import static tidemark.testkit.DriverQueue.out;
import static tidemark.testkit.VirtioDriver.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tidemark.testkit.DriverQueue.Piece;
import tidemark.testkit.VirtioDriver;

/** What holds of a device whatever a guest did to it before. */
final class Sanity {
    private static final int NET = 1;
    private static final int BLOCK = 2;
    private static final int CONSOLE = 3;
    private static final int QUEUE_SIZE = 8;
    private static final int FRAME = 60;
    /** Boundaries within which everything comes to rest. */
    private static final int ROUNDS = 10;
    /** Fields in which a device that was reset differs from a new one: what the host has sent, the host's time. */
    private static final Set<String> OF_THE_HOST = Set.of("ahead", "offset");

    private Sanity() {}

    /** Their drivers reset all virtio devices: then nothing goes on any more. */
    static void resetByDrivers(Board board, Set<Place> virtio) {
        for (Place place : virtio) {
            new VirtioDriver(place.device(), board.ram()).store(STATUS, 0);
        }
        if (!board.settles(ROUNDS)) {
            throw new AssertionError("Something goes on though all drivers have reset their devices");
        }
    }

    /** It serves a driver that keeps to the rules. */
    static void serves(Board board, Place place) {
        VirtioDriver driver = new VirtioDriver(place.device(), board.ram());
        int id = (int) driver.load(DEVICE_ID);
        int queue = id == NET || id == CONSOLE ? 1 : 0;
        driver.start(VERSION_1, id == NET || id == CONSOLE ? new int[] {QUEUE_SIZE, QUEUE_SIZE} : new int[] {QUEUE_SIZE});
        expect(ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK, driver.status(), "status");
        long sent = place.sent();
        long answer = driver.allocate(1024);
        board.ram().put(answer, new byte[] {77});
        long header = driver.allocate(128);
        board.ram().put(header, new byte[128]);
        driver.send(queue, request(id, header, answer));
        expect(board.settles(ROUNDS), true, "comes to rest");
        expect(1, driver.queue(queue).used().size(), "requests done");
        if (id == BLOCK) {
            expect(0, (int) board.ram().get(answer + 512, 1)[0], "status of the request");
        } else if (id == NET || id == CONSOLE) {
            expect(true, place.sent() > sent, "sends");
        }
        expect(1, driver.interrupt() & 1, "interrupt");
        driver.store(STATUS, 0);
    }

    private static Piece[] request(int id, long header, long answer) {
        return switch (id) {
            case NET -> new Piece[] {out(header, 12 + FRAME)};
            case BLOCK -> new Piece[] {out(header, 16), in(answer, 512), in(answer + 512, 1)};
            case CONSOLE -> new Piece[] {out(header, 1)};
            default -> new Piece[] {in(answer, 512)};
        };
    }

    /** A reset of the machine leaves nothing of what was. */
    static void asNew(Place place) {
        List<String> differences = new ArrayList<>(place.device().save().differences(place.asMade()));
        differences.removeAll(OF_THE_HOST);
        expect(List.of(), differences, "after a reset");
    }

    private static void expect(Object expected, Object actual, String what) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + ": expected " + expected + ", is " + actual);
        }
    }
}
