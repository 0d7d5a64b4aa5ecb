package tidemark.differential;

import java.util.List;
import tidemark.api.cpu.CpuPart;
import tidemark.cpu.interpreter.InterpreterPart;

/** The engines that are judged. */
final class Engines {
    private static final List<CpuPart> PARTS = List.of(new InterpreterPart());

    private Engines() {}

    static List<Engine> all() {
        return PARTS.stream().map(Engine::new).toList();
    }
}
