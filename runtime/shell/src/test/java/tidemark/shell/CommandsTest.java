package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Dictionary;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import tidemark.api.shell.CommandGroup;

class CommandsTest {
    private final TreeSet<String> registered = new TreeSet<>();
    private final Commands commands = new Commands(Fakes.of(BundleContext.class, new Object() {
        public ServiceRegistration<?> registerService(Class<?> type, Object service, Dictionary<String, ?> properties) {
            String name = properties.get("osgi.command.scope") + ":" + properties.get("osgi.command.function");
            registered.add(name);
            return Fakes.of(ServiceRegistration.class, new Object() {
                public void unregister() {
                    registered.remove(name);
                }
            });
        }
    }));

    @Test
    void gogoKnowsTheCommandsOfTheGroupsThatAreThere() {
        CommandGroup vm = new VmCommands(null, null);
        CommandGroup help = new Help(commands);
        commands.add(vm);
        commands.add(help);
        assertEquals("[shell:default, shell:help, vm:destroy, vm:info, vm:list, vm:pause, vm:reset, vm:resume, vm:start, vm:stop, vm:use, vm:wait]",
                registered.toString());
        commands.remove(vm);
        assertEquals("[shell:default, shell:help]", registered.toString());
    }

    @Test
    void commandsAreFoundWithAndWithoutTheirScope() {
        commands.add(new VmCommands(null, null));
        commands.add(new PartCommands(null, null, null, null, null));
        assertEquals("part:list", commands.find("part:list").orElseThrow().toString());
        assertEquals("vm:list", commands.find("list").orElseThrow().toString());
        assertEquals("part:install", commands.find("install").orElseThrow().toString());
        assertFalse(commands.find("checkpoint:list").isPresent());
    }
}
