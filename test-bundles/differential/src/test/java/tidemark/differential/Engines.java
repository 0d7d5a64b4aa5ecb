package tidemark.differential;

import java.util.List;
import tidemark.api.cpu.CpuPart;
import tidemark.cpu.interpreter.InterpreterPart;
import tidemark.cpu.nativecode.NativePart;
import tidemark.cpu.translator.TranslatorPart;

/** The engines that are judged. */
final class Engines {
    private static final List<CpuPart> PARTS = List.of(new InterpreterPart(), TranslatorPart.eager(), new TranslatorPart(), NativePart.eager(),
            new NativePart());

    private Engines() {}

    static List<Engine> all() {
        return PARTS.stream().map(Engine::new).toList();
    }
}
