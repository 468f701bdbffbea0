package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
)

// screen is what the middle of the window shows. The window knows a screen by this interface only. Screens do not know each other:
// they tell the window what happened, see [window.tell].
type screen interface {
	// content returns what the screen shows: always the same object. The first call may make it.
	content() *container.Scroll
	// entered is called each time after the screen was shown. It gives the focus to what the user needs first.
	entered()
	// left is called when another screen is shown instead.
	left()
	// busy reports whether somebody waits for a result on this screen. The window is not made anew meanwhile.
	busy() bool
	// actions returns what the menu's items do while the screen is shown.
	actions() actions
	// topic returns the screen's page of the guide.
	topic() topic
}

// screenList has every screen. The window opens on the first one. To add a screen, write its file and add a line here.
var screenList = []struct {
	make func(*window) screen
	menu string       // the words of the menu's item that shows it; "" for none
	key  fyne.KeyName // the item's shortcut, with Ctrl
}{
	{make: newFormScreen},
	{make: newDetailsScreen},
	{make: newHandOverScreen},
	{make: newHandOversScreen, menu: "menu.hand_overs"},
	{make: newRotationScreen},
	{make: newManyScreen},
	{make: newHomeScreen, menu: "menu.home", key: fyne.Key1},
	{make: newSettingsScreen, menu: "menu.settings", key: fyne.KeyComma},
}

// actions are what a screen does for items of the menu now. Where an action is nil, its item is disabled.
type actions struct {
	check  func() // check what is on the screen
	repeat func() // repeat what did not pass
	cancel func() // cancel the check; called also while another screen is shown that has nothing to cancel

	checkWords, cancelWords string // the keys of the words of these two items; "" for the usual ones

	reveal func() // show or hide the key

	copyKey, copyID         func() // copy the key, or the Organization ID
	rename, replace, remove func() // give the connection another name or key, or remove it
	more                    func() // connect more organizations with its key

	support func()        // copy for support
	region  func() string // the region whose Admin Portal to open; "" for the default
}

// home is a screen that the window shows where nothing else is to be shown, as long as it is one.
type home interface{ isHome() bool }

// carrier is a screen that keeps what is typed and shown when the window is made anew in another language.
type carrier interface {
	// carryOver takes over from the screen of the same kind that this one replaces. It starts nothing and saves nothing.
	carryOver(from screen)
}

// typist is a screen with fields. Who types into one goes on typing there when the window is made anew in another language.
type typist interface {
	// fields returns the fields, each time in the same order. It is called only while the screen is shown.
	fields() []*widgets.Field
}

// keeper is a screen with something that is lost when the window closes.
type keeper interface {
	// atClose returns the question to ask before, noQuestion for none.
	atClose() closeQuestion
}

// closeQuestion is a question before the window closes. Where several apply, the greatest is asked.
type closeQuestion int

const (
	noQuestion closeQuestion = iota
	stillChanging
	keyIsEntered
	sessionEnds
	stillRemoving
	stillConnecting
	stillSaving
)

// name is the question's name in the translation files.
func (q closeQuestion) name() string {
	return map[closeQuestion]string{stillChanging: "changing", keyIsEntered: "discard", sessionEnds: "session", stillRemoving: "removing", stillConnecting: "connecting", stillSaving: "close"}[q]
}

// event is something that happened in the window. Whoever made it happen tells it, see [window.tell]; every [listener] hears it.
type event any

type (
	// firstFrameShown says that there is time now to make what the first frame leaves out.
	firstFrameShown struct{}
	// minutePassed comes once a minute, for texts that say how long ago something was: see [window.minute].
	minutePassed struct{}
	// windowClosed says that nobody sees the window any more. Secrets in it are forgotten.
	windowClosed struct{}
	// windowHidden says that nobody sees the window until it is opened again. Secrets that were typed are forgotten.
	windowHidden struct{}
	// trayChanged says that the desktop has a tray now, or has none.
	trayChanged struct{}
	// closeWanted says that the user wants to end the program.
	closeWanted struct{}
	// homeWanted says that the screen has nothing to show any more, or that the user wants to see all connections.
	homeWanted struct{}
	// backWanted says that the user is done with the screen.
	backWanted struct{}
	// noted is something that the user may want to know. It is shown for a while.
	noted struct{ text string }
	// dropped is a file that was dropped on the window.
	dropped struct{ file fyne.URI }
	// scrolled says that what scrolls has moved, or has another size. It may come while the window is being laid out.
	scrolled struct{}
	// actionsChanged says that a screen does other things for the menu now.
	actionsChanged struct{}
	// languageWanted says that the user has chosen a language; "" is the system's.
	languageWanted struct{ id string }
	// settingKept says that a setting has another value now.
	settingKept struct{}
	// newWanted says that the user wants to enter a new connection.
	newWanted struct{}
	// sampleWanted says that the user wants to try a key of the demo.
	sampleWanted struct{}
	// keyWanted says that the user wants to enter a new key for a connection, and for those that share its key.
	keyWanted struct{ connector.Connection }
	// ownKeyWanted says that the user wants to enter a new key for this connection only.
	ownKeyWanted struct{ connector.Connection }
	// organizationChosen says that the user has chosen a single organization, of those that the key with this ID opens. The form has the key.
	organizationChosen struct {
		keyID string
		check.Organization
	}
	// moreWanted says that the user wants to connect more organizations with the key of a connection.
	moreWanted struct{ connector.Connection }
	// keyInUse says that organizations are being connected with the key with this ID; "" for none.
	keyInUse struct{ keyID string }
	// keyKept says that organizations were connected with the key with this ID, so that it is kept.
	keyKept struct{ keyID string }
	// handOverWanted says that the user wants to enter a connection in ControlMap.
	handOverWanted struct{ connector.Connection }
	// handOversWanted says that the user wants to see which connections ControlMap lacks the present key of.
	handOversWanted struct{}
	// handOverInTurn says that the user enters the connections of that list in ControlMap one after the other, now this one.
	handOverInTurn struct{ connector.Connection }
	// opened says that the user wants to see a connection. The focus stays where it is if it is in the list.
	opened struct {
		connector.Connection
		focusStays bool
	}
	// saved says that a connection was saved. Its screen is shown next.
	saved struct{ connector.Connection }
	// replaced says that a connection has got another key, which ControlMap needs too. Its hand-over is shown next.
	replaced struct{ connector.Connection }
	// moved says that a connection of the session was saved in the keychain, perhaps in the place of another one.
	moved struct{ from, to connector.Connection }
	// changed says that a connection has got another name or note, or was handed over.
	changed struct{ connector.Connection }
	// removed says that the connection with this id is gone.
	removed struct{ id string }
	// wiping says that everything is being removed, and wiped that it is done.
	wiping struct{}
	wiped  struct{}
	// connectionsChanged says that other connections are known now. The list shows the one with the id show; "" for none.
	connectionsChanged struct{ show string }
	// connectionsRead says that reading the connections has ended, whether all of them could be read, whether it was the first time, and whether
	// they are read again at once.
	connectionsRead struct{ all, first, again bool }
	// currentChanged says that another connection is on the screen now, or none.
	currentChanged struct{}
	// doubted says that a connection that worked was refused. It is asked about again before that counts.
	doubted struct {
		connector.Connection
		refused check.Report
	}
	// reported says that there is a new report on the connection with this id.
	reported struct {
		id     string
		report check.Report
	}
	// checksChanged says that the check of many connections has begun, come on or ended.
	checksChanged struct{}
	// occupied says that it has changed whether the connection with this id is being saved or removed.
	occupied struct{ id string }
)
