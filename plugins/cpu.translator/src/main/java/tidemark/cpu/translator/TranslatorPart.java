package tidemark.cpu.translator;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;
import tidemark.interpreter.Practice;

/** Service: the translator. */
@Component(property = CpuPart.NAME + "=translator", immediate = true)
public final class TranslatorPart implements CpuPart {
    private final Settings settings;
    private final Workshop workshop = new Workshop();

    public TranslatorPart() {
        this(Settings.fromSystem());
    }

    TranslatorPart(Settings settings) {
        this.settings = settings;
    }

    /** One that translates whatever is executed the first time already: for tests. */
    public static TranslatorPart eager() {
        return new TranslatorPart(new Settings(true, 1, Settings.INSTRUCTIONS, 16L << 20));
    }

    @Activate
    void activate() {
        Practice.begin();
    }

    @Deactivate
    void deactivate() {
        workshop.close();
        Practice.end();
    }

    @Override
    public ExecutionEngine create(EngineContext context) {
        return new Translator(context, settings, workshop);
    }
}
