package tidemark.cpu.auto;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tidemark.api.cpu.CpuPart;
import tidemark.api.cpu.EngineContext;
import tidemark.api.cpu.ExecutionEngine;

/**
 * Service: the fastest engine that is deployed and works on this host. When engines come or go the service is another one, so that
 * machines which use it get an engine anew.
 */
@Component(property = CpuPart.NAME + "=auto", immediate = true)
public final class AutoPart implements CpuPart {
    private static final List<String> FASTEST_FIRST = List.of("native", "translator", "interpreter");

    private final Map<String, CpuPart> engines = new TreeMap<>();

    @Activate
    public AutoPart(@Reference(target = "(!(" + CpuPart.NAME + "=auto))", cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policyOption = ReferencePolicyOption.GREEDY) List<Map.Entry<Map<String, Object>, CpuPart>> engines) {
        engines.forEach(engine -> this.engines.put(String.valueOf(engine.getKey().get(CpuPart.NAME)), engine.getValue()));
    }

    /** @throws IllegalStateException if no engine works here; says for each why */
    @Override
    public ExecutionEngine create(EngineContext context) {
        StringBuilder reasons = new StringBuilder();
        for (String name : FASTEST_FIRST) {
            CpuPart engine = engines.get(name);
            if (engine != null) {
                try {
                    return engine.create(context);
                } catch (IllegalStateException e) {
                    reasons.append("; ").append(name).append(": ").append(e.getMessage());
                }
            }
        }
        throw new IllegalStateException("cpu=auto knows the engines " + FASTEST_FIRST + ", deployed are " + engines.keySet() + reasons
                + ". Name another engine, as in cpu=interpreter");
    }
}
