package autostart

import (
	"fmt"
	"slices"
	"strings"
)

// This file writes and reads desktop files, as the Desktop Entry Specification 1.5 and the Desktop Application Autostart Specification of
// freedesktop.org have them. An Exec line is quoted twice: each argument, and then the line, as every text in the file is.

// desktopFile returns the text of an entry. The desktop ignores it without a message once the program is gone (TryExec).
func desktopFile(e Entry, program string) (string, error) {
	if !writable(program) {
		return "", ErrPath
	}
	args := append([]string{program}, e.Args...)
	if strings.ContainsAny(program, "%=") {
		args = append(slices.Clone(byShell), args...)
	}
	for i, arg := range args {
		args[i] = quoteArg(arg)
	}
	return fmt.Sprintf("[Desktop Entry]\nType=Application\nName=%s\nTryExec=%s\nExec=%s\nTerminal=false\nStartupNotify=false\n",
		escape.Replace(e.Name), escape.Replace(program), escape.Replace(strings.Join(args, " "))), nil
}

// byShell starts a program whose path holds an equals sign, which the specification forbids, or a percent sign: GLib 2.74 looks for the program
// at the path with both of %%, and does not find it (g_desktop_app_info_load_from_keyfile).
var byShell = []string{"/bin/sh", "-c", `exec "$0" "$@"`}

var (
	escape   = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`, "\r", `\r`)
	unescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\r`, "\r", `\s`, " ")
	inQuotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`)
)

// quoteArg writes one argument of an Exec line. There, %% stands for a percent sign.
func quoteArg(arg string) string {
	arg = strings.ReplaceAll(arg, "%", "%%")
	if arg != "" && !strings.ContainsFunc(arg, isReserved) {
		return arg
	}
	return `"` + inQuotes.Replace(arg) + `"`
}

// isReserved reports whether an argument with this character has to be quoted.
func isReserved(r rune) bool { return strings.ContainsRune(" \t\n\"'\\><~|&;$*?#()`", r) }

// readDesktopFile reads what a desktop file says, also if another program has written it.
func readDesktopFile(text string) kept {
	values := make(map[string]string)
	in := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			in = line == "[Desktop Entry]"
		}
		if name, value, ok := strings.Cut(line, "="); ok && in && !strings.HasPrefix(line, "#") {
			values[strings.TrimSpace(name)] = unescape.Replace(strings.TrimSpace(value))
		}
	}
	k := kept{on: values["Exec"] != "" && values["Hidden"] != "true" && values["X-GNOME-Autostart-enabled"] != "false"}
	args := splitExec(values["Exec"])
	if n := len(byShell); len(args) > n && slices.Equal(args[:n], byShell) {
		args = args[n:]
	}
	if len(args) > 0 {
		k.program = args[0]
	}
	return k
}

// splitExec returns the arguments of an Exec line, without its field codes such as %U. It returns nil if a quote has no end.
func splitExec(line string) (args []string) {
	var arg strings.Builder
	begun, quoted, escaped := false, false, false
	end := func() {
		if isCode := arg.Len() == 2 && arg.String()[0] == '%' && arg.String() != "%%"; begun && !isCode {
			args = append(args, strings.ReplaceAll(arg.String(), "%%", "%"))
		}
		arg.Reset()
		begun = false
	}
	for _, r := range line {
		switch {
		case escaped:
			arg.WriteRune(r)
			escaped = false
		case r == '\\' && quoted:
			escaped = true
		case r == '"':
			quoted, begun = !quoted, true
		case r == ' ' && !quoted:
			end()
		default:
			arg.WriteRune(r)
			begun = true
		}
	}
	if quoted {
		return nil
	}
	end()
	return args
}
