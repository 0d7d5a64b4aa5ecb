package tidemark.shell;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import tidemark.api.shell.CommandError;
import tidemark.api.shell.Value;

/**
 * One parameter of a command that users fill.
 *
 * @param index in the method's parameters
 * @param names of an option, shortest first; empty for an argument
 * @param value what it is called; empty for a flag
 * @param absent the value if it is left out; null if it must not be
 * @param type {@code String}, a number, a flag; {@code Optional<String>} or {@code OptionalInt} if it matters whether it is given; a list of {@code String}
 *     or {@link Given} if it may be given several times
 */
record Slot(int index, List<String> names, String value, String description, String absent, Type type) {
    private static final List<Class<?>> SINGLE = List.of(String.class, int.class, double.class, boolean.class, OptionalInt.class);

    static Slot of(int index, java.lang.reflect.Parameter parameter) {
        Parameter option = parameter.getAnnotation(Parameter.class);
        Value value = parameter.getAnnotation(Value.class);
        Descriptor description = parameter.getAnnotation(Descriptor.class);
        String called = value == null ? "" : value.value();
        Type type = parameter.getParameterizedType();
        if (description == null || option == null && value == null || type instanceof Class<?> c && !SINGLE.contains(c)) {
            throw new IllegalStateException("Parameter " + index + " of " + parameter.getDeclaringExecutable() + " is not described");
        }
        if (option == null) {
            boolean optional = called.startsWith("[");
            return new Slot(index, List.of(), called.replaceAll("[\\[\\]]", ""), description.value(), optional ? "" : null, type);
        }
        return new Slot(index, List.of(option.names()), called, description.value(), option.absentValue(), type);
    }

    boolean isOption() {
        return !names.isEmpty();
    }

    boolean isFlag() {
        return type == boolean.class;
    }

    /** May be given several times. */
    boolean isList() {
        return type instanceof ParameterizedType list && list.getRawType() == List.class;
    }

    /** As the line of usage shows it. */
    String usage() {
        String text = isFlag() ? names.getLast() : isOption() ? names.getLast() + " " + value : value;
        return (absent == null ? text : "[" + text + "]") + (isList() ? "..." : "");
    }

    /** @param given in order; empty if none */
    Object convert(String command, List<Given> given) throws CommandError {
        if (isList()) {
            boolean placed = ((ParameterizedType) type).getActualTypeArguments()[0] == Given.class;
            return placed ? List.copyOf(given) : given.stream().map(Given::text).toList();
        }
        if (given.isEmpty() && absent == null) {
            throw new CommandError(command + ": " + (isOption() ? names.getLast() : value) + " is missing; see " + command + " --help");
        }
        String text = given.isEmpty() ? absent : given.getLast().text();
        if (type instanceof ParameterizedType) {
            return given.isEmpty() ? Optional.empty() : Optional.of(text);
        }
        if (type == boolean.class) {
            return Boolean.valueOf(text);
        }
        return type == String.class ? text : number(command, text, given.isEmpty());
    }

    private Object number(String command, String text, boolean absent) throws CommandError {
        try {
            if (type == OptionalInt.class) {
                return absent ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
            }
            return type == int.class ? (Object) Integer.valueOf(text) : Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw new CommandError(command + ": " + (isOption() ? names.getLast() : value) + " '" + text + "' is no "
                    + (type == double.class ? "number" : "whole number"), e);
        }
    }
}
