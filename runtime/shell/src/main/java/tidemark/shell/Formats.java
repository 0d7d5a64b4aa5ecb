package tidemark.shell;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.service.component.annotations.Component;
import tidemark.api.shell.Screen;

/** Tells Gogo how results look: as {@link Tables} where there is room, else as what names them. */
@Component(service = Converter.class)
public final class Formats implements Converter {
    @Override
    public Object convert(Class<?> desiredType, Object in) {
        return desiredType == String.class && in instanceof Command.Named named ? named.reference() : null;
    }

    @Override
    public CharSequence format(Object target, int level, Converter escape) {
        if (target instanceof List<?> list && list.isEmpty() && level == INSPECT) {
            return "none";
        }
        if (level == INSPECT && escape instanceof CommandSession session) {
            return Tables.of(target).map(table -> table.render(Screen.of(session))).orElse(null);
        }
        return target instanceof Command.Named named ? named.reference() : null;
    }
}
