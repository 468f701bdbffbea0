package gui

import (
	"context"
	"errors"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/gui/widgets"
	"controlmap-jumpcloud/gui/words"
)

// changed is called when the user has changed the new key. What was found out about another one does not count.
func (r *rotation) changed() {
	if r.replacing.running || r.phase == phaseDone {
		return
	}
	r.trying.drop()
	r.trial, r.err, r.phase = connector.Trial{}, nil, phaseEntry
	r.present()
	if r.key.Text == "" {
		r.typing.drop()
		return
	}
	r.typing.start()
}

// typingPaused tries what is entered if it looks like a key. Otherwise it says what can be seen without a request.
func (r *rotation) typingPaused() {
	if r.typed().Plausible() {
		r.try(connector.Trial{})
		return
	}
	r.phase = phaseShape
	r.present()
}

// try tries the new key beside the window. What an earlier trial of it has found out is not asked again.
func (r *rotation) try(before connector.Trial) {
	if r.key.Text == "" || r.replacing.running {
		return
	}
	r.typing.drop()
	r.of = connector.RotationOf(r.w.connections.all, r.of.Former) // one may have been added
	of, entered := r.of, r.typed()
	r.tried = len(before.Works()) + len(before.Lost())
	var came arrivals[connector.Tried]
	r.trying.start(func(ctx context.Context, show func(func())) func() {
		trial, err := r.w.c.TryKey(ctx, of, entered, before, func(check.Result) {}, func(one connector.Tried) {
			if came.put(one) {
				show(func() {
					r.tried += len(came.take())
					r.present()
				})
			}
		})
		cancelled := ctx.Err() != nil
		return func() { r.triedAll(trial, err, cancelled) }
	})
	r.phase, r.err = phaseTrying, nil
	r.present()
	r.refocus()
}

// triedAll shows how a trial has ended.
func (r *rotation) triedAll(trial connector.Trial, err error, cancelled bool) {
	r.trial, r.err, r.phase = trial, err, phaseTried
	if cancelled {
		r.phase = phaseCancelled
	}
	r.present()
	r.refocus()
}

// isStale reports whether the connections are no more those that the new key was tried on. It has to be tried again then.
func (r *rotation) isStale() bool {
	return errors.Is(r.err, connector.ErrNotTried) || errors.Is(r.err, connector.ErrReplaced) || errors.Is(r.err, connector.ErrLost)
}

// tryUnknown tries the new key again on those connections that it was not tried on, or without an answer.
func (r *rotation) tryUnknown() { r.try(r.trial) }

// tryLost tries the new key again on those connections that it does not work for, too: somebody may have mended that.
func (r *rotation) tryLost() {
	before := r.trial
	before.Tried = before.Works()
	r.try(before)
}

// replaceAll replaces the former key for all connections, and replaceWorking for those that the new one works for.
func (r *rotation) replaceAll()     { r.leaving = false; r.replace() }
func (r *rotation) replaceWorking() { r.leaving = true; r.replace() }

// replace replaces the former key beside the window.
func (r *rotation) replace() {
	if r.replacing.running {
		return
	}
	var options []connector.RotateOption
	if r.leaving {
		options = append(options, connector.LeavingLost())
	}
	trial := r.trial
	wait, end := r.w.writer.beginSaves()
	r.replacing.start(func(ctx context.Context, _ func(func())) func() {
		wait(ctx)
		done, err := r.w.c.Rotate(ctx, trial, options...)
		r.w.work.do(func() {
			for _, c := range done {
				r.w.writer.keepSaved(c)
			}
			end()
		})
		return func() { r.replaced(done, err) }
	})
	r.phase = phaseReplacing
	r.w.clipboard.reading.drop() // the entry is what was tried
	r.present()
	r.refocus()
}

// replaced takes over that the key was replaced, or shows why not. After some have got the new key, it stays that way: what then fails is about
// the others.
func (r *rotation) replaced(done []connector.Connection, err error) {
	r.done = append(r.done, done...)
	changed := errors.Is(err, connector.ErrReplaced)
	if changed && len(r.done) > 0 {
		err = nil // somebody else has changed the others
	}
	r.err, r.phase = err, phaseFailed
	if len(r.done) > 0 {
		r.phase = phaseDone
	}
	if err == nil {
		r.trial = connector.Trial{Rotation: r.trial.Rotation, Key: r.trial.Key, Report: r.trial.Report, Tried: r.trial.Tried} // without the key
		r.forgetEntry()
	}
	if len(done) > 0 { // all of them, or as many as could be
		r.w.connections.savedSeveral(done)
	}
	if changed || r.isStale() || errors.Is(err, connector.ErrUncertain) {
		r.w.loader.load() // to know which connections there are, and their keys
	}
	r.present()
	r.refocus()
	v := r.verdict()
	if r.w.background.isHidden {
		r.w.watcher.tell(v.title, v.remedy)
		if err != nil && len(r.done) == 0 { // the former key stays, and this one is not kept
			r.forget()
		}
	}
	if !r.w.shows(r) {
		r.w.toast.Show(v.title, undoTime, widgets.Action{Label: words.Text("secret.show"), Do: func() { r.w.show(r) }})
	}
}
