package tidemark.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReservationTest {
    @TempDir
    Path folder;

    @Test
    void reservedNameIsNobodyElsesUntilItIsGivenUp() throws Exception {
        Path file = folder.resolve("image");
        Reservation first = Reservation.of(file).orElseThrow();
        assertEquals(file, first.file());
        assertTrue(Reservation.of(file).isEmpty());
        assertTrue(Reservation.of(folder.resolve("other")).isPresent());
        first.close();
        assertFalse(Files.exists(folder.resolve(".image.reserved")));
        try (Reservation again = Reservation.of(file).orElseThrow()) {
            Files.writeString(again.file(), "made");
        }
        assertTrue(Reservation.of(file).isEmpty(), "the file is there");
    }

    @Test
    void reservationThatADeadProcessLeftCountsForNothing() throws Exception {
        Files.writeString(folder.resolve(".image.reserved"), "");
        assertTrue(Reservation.of(folder.resolve("image")).isPresent());
        Files.writeString(folder.resolve(".other.reserved"), "");
        Leftovers.remove(folder);
        assertFalse(Files.exists(folder.resolve(".other.reserved")));
        assertTrue(Files.exists(folder.resolve(".image.reserved")), "that is a living one's");
    }

    @Test
    void threadsThatReserveAtTheSameTimeNeverHaveTheSameName() {
        var names = ConcurrentHashMap.<Path>newKeySet();
        IntStream.range(0, 64).parallel().forEach(_ -> assertTrue(names.add(firstFree())));
        assertEquals(64, names.size());
    }

    private Path firstFree() {
        return Stream.iterate(0, n -> n + 1).map(n -> folder.resolve("image-" + n)).flatMap(file -> {
            try {
                return Reservation.of(file).stream();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }).findFirst().orElseThrow().file();
    }
}
