//go:build !windows

package desktop

import (
	"os"
	"os/exec"
	"strings"

	"golang.org/x/term"
)

// Alert shows a text in a window of the desktop, and waits until the user closes it. It is for a program that cannot open its own
// window. In a terminal it does nothing, because the user reads the text there.
func Alert(title, message string) {
	if term.IsTerminal(int(os.Stderr.Fd())) {
		return
	}
	for _, tool := range [][]string{
		{"osascript", "-e", "on run argv", "-e", "display alert (item 1 of argv) message (item 2 of argv) as critical", "-e", "end run", title, message},
		{"zenity", "--error", "--no-markup", "--width=520", "--title=" + title, "--text=" + message},
		{"kdialog", "--title", title, "--error", message},
		{"xmessage", "-center", "-title", title, "-buttons", "OK", "-default", "OK", plain(message)},
		{"notify-send", "--urgency=critical", title, message},
	} {
		shown := exec.Command(tool[0], tool[1:]...)
		if shown.Start() == nil {
			_ = shown.Wait() // its error only says how the user closed it
			return
		}
	}
}

// plain prepares a text for xmessage, which knows only Latin-1 and does not break lines.
func plain(message string) string {
	const longest = 80
	message = strings.NewReplacer("•", "*", "’", "'", "“", `"`, "”", `"`, "…", "...").Replace(message)
	var b strings.Builder
	for line := range strings.Lines(message) {
		column := 0
		for _, word := range strings.SplitAfter(line, " ") {
			if column += len([]rune(word)); column > longest {
				b.WriteByte('\n')
				column = len([]rune(word))
			}
			for _, r := range word {
				b.WriteByte(byte(min(r, 0xff)))
			}
		}
	}
	return b.String()
}
