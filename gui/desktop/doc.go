// Package desktop does what Fyne lacks: it opens windows and says why it cannot, lets an idle window rest, shows alerts without a
// window, and finds the user's folders. With the tag headless it holds only what needs no Fyne.
package desktop
