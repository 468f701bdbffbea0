// Package widgets has the app's own widgets, layouts and theme. They know no window and no screen: callers pass in texts and
// functions.
package widgets
