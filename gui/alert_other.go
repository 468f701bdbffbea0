//go:build !windows

package gui

import (
	"os"
	"os/exec"
	"strings"

	"golang.org/x/term"
)

// Alert shows a text in a window of the desktop's own, for want of one of ours, and waits until it is closed. Whoever
// started the program in a terminal reads it there.
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
			_ = shown.Wait() // it fails too where the user closes it otherwise than by its button
			return
		}
	}
}

// plain is a text as xmessage shows it, which knows Latin-1 only and breaks no line.
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
