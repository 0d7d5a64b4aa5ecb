package tidemark.shell;

import java.lang.reflect.Type;
import java.util.List;
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
 */
record Slot(int index, List<String> names, String value, String description, String absent, Class<?> type) {
    static Slot of(int index, java.lang.reflect.Parameter parameter) {
        Parameter option = parameter.getAnnotation(Parameter.class);
        Value value = parameter.getAnnotation(Value.class);
        Descriptor description = parameter.getAnnotation(Descriptor.class);
        String called = value == null ? "" : value.value();
        Type type = parameter.getParameterizedType();
        if (description == null || option == null && value == null || type instanceof Class<?> c && !List.of(String.class, int.class,
                double.class, boolean.class).contains(c)) {
            throw new IllegalStateException("Parameter " + index + " of " + parameter.getDeclaringExecutable() + " is not described");
        }
        if (option == null) {
            boolean optional = called.startsWith("[");
            return new Slot(index, List.of(), called.replaceAll("[\\[\\]]", ""), description.value(), optional ? "" : null,
                    parameter.getType());
        }
        return new Slot(index, List.of(option.names()), called, description.value(), option.absentValue(), parameter.getType());
    }

    boolean isOption() {
        return !names.isEmpty();
    }

    boolean isFlag() {
        return type == boolean.class;
    }

    /** May be given several times. */
    boolean isList() {
        return type == List.class;
    }

    /** As the line of usage shows it. */
    String usage() {
        String text = isFlag() ? names.getLast() : isOption() ? names.getLast() + " " + value : value;
        return (absent == null ? text : "[" + text + "]") + (isList() ? "..." : "");
    }

    /** @param given the texts given, in order; empty if none */
    Object convert(String command, List<String> given) throws CommandError {
        if (isList()) {
            return List.copyOf(given);
        }
        if (given.isEmpty() && absent == null) {
            throw new CommandError(command + ": " + (isOption() ? names.getLast() : value) + " is missing; see " + command + " --help");
        }
        String text = given.isEmpty() ? absent : given.getLast();
        try {
            if (type == int.class) {
                return Integer.valueOf(text);
            }
            if (type == double.class) {
                return Double.valueOf(text);
            }
        } catch (NumberFormatException e) {
            throw new CommandError(command + ": " + (isOption() ? names.getLast() : value) + " '" + text + "' is no "
                    + (type == int.class ? "whole number" : "number"), e);
        }
        return type == boolean.class ? Boolean.valueOf(text) : text;
    }
}
