// Package desktop does what Fyne lacks: it says why a window cannot be opened, lets an idle window rest, shows alerts without a
// window, and finds the user's folders. With the tag headless it leaves out what needs Fyne.
package desktop
