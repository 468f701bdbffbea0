package gui

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"fyne.io/fyne/v2/theme"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/words"
)

// checkLabel says how many connections the button checks: all, or those that are shown.
func (l *connectionList) checkLabel() string {
	if l.w.listing.restricted() {
		return words.Text("home.check", words.Facts{"Count": strconv.Itoa(len(l.w.listing.shown))})
	}
	return words.Text("list.check_all")
}

// checkAllNow returns what starts or cancels the checks of all connections; nil if there are none.
func (l *connectionList) checkAllNow() func() {
	if len(l.w.connections.all) == 0 && !l.w.loader.reading.running {
		return nil
	}
	return func() { l.toggleCheck(true) }
}

// toggleCheckShown validates every connection that is shown, or cancels that.
func (l *connectionList) toggleCheckShown() { l.toggleCheck(false) }

func (l *connectionList) toggleCheck(all bool) {
	if l.checking.running {
		l.checking.cancel()
	} else {
		l.startCheck(all)
	}
}

// startCheck validates all connections, or those that are shown, unless that runs already.
func (l *connectionList) startCheck(all bool) {
	l.checkThen = l.w.loader.reading.running // before that, not all connections are known
	if l.checking.running || l.w.loader.reading.running {
		return
	}
	l.w.banner.Hide(ownerList)
	l.check(l.w.listing.connections(all))
}

// check validates these connections.
func (l *connectionList) check(some []connector.Connection) {
	done, progress := 0, func(done int) {
		l.checkAll.SetText(words.Text("list.checking", words.Facts{"Done": strconv.Itoa(done), "Count": strconv.Itoa(len(some))}))
	}
	l.checkAll.SetIcon(theme.CancelIcon())
	progress(0)
	read := byID(some)
	l.checking.start(func(ctx context.Context, show func(func())) func() {
		var failed error
		doubtful := 0
		l.w.c.CheckEach(ctx, some, func(id string, report check.Report, err error) {
			changed, isDoubtful := errors.Is(err, connector.ErrReplaced), errors.Is(err, connector.ErrDoubtful)
			if isDoubtful {
				doubtful++
			} else if !changed {
				failed = cmp.Or(failed, err) // the first one
			}
			show(func() {
				done++
				progress(done)
				if isDoubtful {
					l.w.tell(doubted{read[id], report})
				} else if !changed {
					l.w.connections.checked(id, report)
				}
			})
		})
		return func() { l.checked(some, failed, doubtful) }
	})
}

// checked shows that the checks have ended, with which error, and how many connections are doubtful.
func (l *connectionList) checked(some []connector.Connection, err error, doubtful int) {
	l.checkAll.SetIcon(theme.ViewRefreshIcon())
	l.w.listing.arrange()
	l.arranged()
	if doubtful > 0 {
		l.w.tell(noted{words.Text("list.doubtful", words.Facts{"Count": strconv.Itoa(doubtful)})})
	}
	if err != nil && connector.KeychainCause(err) != check.CauseCancelled {
		l.w.trouble(ownerList, err, func() {
			if !l.checking.running {
				l.w.banner.Hide(ownerList)
				l.check(some)
			}
		})
	}
}
