// Package pasteboard copies secrets to the clipboard with the mark by which the system's clipboard history, and programs
// that keep one, know what they must not keep. Fyne's clipboard takes text only.
package pasteboard
