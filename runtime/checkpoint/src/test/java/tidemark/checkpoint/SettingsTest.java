package tidemark.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Option;

class SettingsTest {
    private static final List<Option> POOL = List.of(new Option("threads", 2, 1, 256, ""), new Option("rounds", 3, 1, ""));

    @Test
    void anOptionHasTheRequestedValueOrItsDefault() {
        Settings settings = new Settings("copier pool", POOL, Map.of("threads", " 4 "));
        assertEquals(4, settings.get("threads"));
        assertEquals(3, settings.get("rounds"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two", "1.5", "0", "-1", "257", "99999999999999999999"})
    void aValueThatIsNotAllowedIsRefusedWithWhatWhereAndTheWayOut(String text) {
        Map<String, String> given = Map.of("threads", text);
        String message = assertThrows(CheckpointException.class,
                () -> Settings.check(given, List.of(new Settings("copier pool", POOL, given)), _ -> List.of())).getMessage();
        assertTrue(message.contains("threads=" + text + " of copier pool") && message.contains("1 to 256"), message);
    }

    @Test
    void anOptionThatNobodyDeclaresIsRefusedWithThoseThereAre() {
        Map<String, String> given = Map.of("thread", "4");
        String message = assertThrows(CheckpointException.class,
                () -> Settings.check(given, List.of(new Settings("copier pool", POOL, given)), _ -> List.of())).getMessage();
        assertTrue(message.contains("thread of the chosen parts; did you mean threads? there are rounds, threads"), message);
    }

    @Test
    void anOptionOfAPartThatIsNotChosenIsRefusedWithWhereItBelongs() {
        Map<String, String> given = Map.of("rounds", "2");
        assertEquals("Option rounds belongs to stop condition 'rounds' (--stop rounds), which is not chosen", assertThrows(CheckpointException.class,
                () -> Settings.check(given, List.of(), option -> List.of("stop condition '" + option + "' (--stop " + option + ")"))).getMessage());
    }

    @Test
    void readingAnOptionThatWasNotDeclaredIsAnErrorOfThePart() {
        assertThrows(IllegalArgumentException.class, () -> new Settings("copier pool", POOL, Map.of()).get("size"));
    }
}
