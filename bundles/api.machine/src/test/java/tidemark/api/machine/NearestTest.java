package tidemark.api.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void distanceCountsEdits() {
        assertEquals(0, Nearest.distance("thread", "thread"));
        assertEquals(3, Nearest.distance("kitten", "sitting"));
        assertEquals(4, Nearest.distance("", "card"));
        assertEquals(1, Nearest.distance("card", "cards"));
        assertEquals(1, Nearest.distance("ab", "ba"), "a swap of neighbours is one");
    }

    @Test
    void nearNamesComeFirstAndAllIfTheyAreFew() {
        assertEquals("did you mean thread? there are live, stop, thread", Nearest.hint("tread", List.of("live", "stop", "thread")));
        assertEquals("there are live, stop", Nearest.hint("incremental", List.of("live", "stop")));
        assertEquals("there is none", Nearest.hint("x", List.of()));
        assertEquals("did you mean cg.W? there are cg.A, cg.S, cg.W", Nearest.hint("cg.w", List.of("cg.A", "cg.S", "cg.W")), "only capitals differ");
        List<String> many = IntStream.range(100, 200).mapToObj(i -> "guest" + i).toList();
        assertEquals("did you mean guest150 or guest100 or guest105? there are 100", Nearest.hint("guest150", many));
    }
}
