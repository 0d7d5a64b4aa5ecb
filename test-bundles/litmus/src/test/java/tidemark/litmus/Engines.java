package tidemark.litmus;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tidemark.api.cpu.CpuPart;
import tidemark.cpu.interpreter.InterpreterPart;
import tidemark.cpu.nativecode.NativePart;
import tidemark.cpu.translator.TranslatorPart;

/** The engines that are judged, by name. */
final class Engines {
    static final Map<String, CpuPart> ALL = new TreeMap<>(Map.of("interpreter", new InterpreterPart(), "translator", TranslatorPart.eager(),
            "native", NativePart.eager()));

    private Engines() {}

    static Set<String> names() {
        return ALL.keySet();
    }
}
