// Package widgets has the app's own widgets, layouts and theme. They know no window and no screen: texts and what to do are passed in.
package widgets
