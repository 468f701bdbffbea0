package gui

import (
	"context"
	"errors"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/words"
)

// saver saves what the form has validated, and asks what has to be decided for that.
type saver struct {
	task
	w     *window
	what  func() (validated, string)                   // returns what to save, and the name as it is typed now
	show  func(s check.State, text, button string)     // shows a status, and a button that saves again; see validation.offer
	saved func(connector.Connection)                   // called when it is saved
	fail  func(why check.Cause, retry, session func()) // says why nothing was saved, and how to go on; see validation.unkept
	hide  func()                                       // hides the question about a kept key; nil while none is asked
}

type saveFunc func(context.Context, string, check.Credentials, check.Report, ...connector.SaveOption) (connector.Connection, error)

// save saves what was validated. If the keychain fails, the entries stay as they are.
func (s *saver) save(with saveFunc, options ...connector.SaveOption) {
	v, name := s.what()
	run := s.w.writer.beginSave(func(ctx context.Context) (connector.Connection, error) {
		return with(ctx, name, v.credentials, v.report, options...)
	})
	s.start(func(ctx context.Context, _ func(func())) func() {
		saved, err := run(ctx)
		return func() {
			connected, ok := errors.AsType[*connector.ConnectedError](err)
			switch {
			case ok:
				s.ask(connected.Kept, with)
			case err != nil:
				s.failed(err, func() { s.save(with, options...) }, func() { s.save(s.w.c.SaveForSession, options...) })
			default:
				s.saved(saved)
			}
		}
	})
	s.show(check.Running, words.Text("status.saving"), "")
}

// ask asks what to do with the keys that are kept for the organization already.
func (s *saver) ask(kept []connector.Connection, with saveFunc) {
	v, name := s.what()
	leave := func() {
		s.hide = nil
		s.show(check.Skipped, words.Text("status.connected", words.Facts{"Organization": v.organizationName()}), saveNow)
	}
	leave() // until it is answered
	save := func(options ...connector.SaveOption) {
		s.hide = nil
		s.save(with, options...)
	}
	fresh := connector.Connection{Name: name, Organization: v.report.Organization, Report: v.report}
	s.hide = keyQuestion{kept: kept, fresh: fresh, save: save, leave: leave}.ask(s.w)
}

// failed says why the connection was not saved, and how to go on.
func (s *saver) failed(err error, retry, session func()) {
	cause := connector.KeychainCause(err)
	if cause == check.CauseCancelled {
		s.w.loader.load() // it may have been saved already
	} else {
		s.w.banner.Hide(ownerList) // it may say the same
	}
	s.fail(cause, retry, session)
}

// drop is task.drop, but it also closes the question. start uses task.drop itself, which leaves it.
func (s *saver) drop() {
	s.task.drop()
	if s.hide != nil {
		s.hide()
		s.hide = nil
	}
}
