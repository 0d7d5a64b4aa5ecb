package tidemark.cpu.nativecode;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.interpreter.Practice;

/** Service: the native engine. */
@Component(property = CpuPart.NAME + "=native", immediate = true)
public final class NativePart implements CpuPart {
    private final Settings settings;
    private Rehearsal rehearsal;

    public NativePart() {
        this(Settings.fromSystem());
    }

    NativePart(Settings settings) {
        this.settings = settings;
    }

    /** One that writes machine code for whatever is executed the first time already: for tests. */
    public static NativePart eager() {
        return new NativePart(new Settings(true, 1, Settings.INSTRUCTIONS, Settings.BRANCHES, 8 << 20, false));
    }

    @Activate
    void activate() {
        Practice.begin();
        rehearsal = Rehearsal.begin();
    }

    @Deactivate
    void deactivate() {
        rehearsal.end();
        Practice.end();
    }

    /**
     * @throws IllegalStateException if this host is another than the engine writes machine code for; the message says what to use instead
     */
    @Override
    public ExecutionEngine create(EngineContext context) {
        Host.require(System.getProperty("os.name"), System.getProperty("os.arch"));
        return new NativeEngine(context, settings);
    }
}
