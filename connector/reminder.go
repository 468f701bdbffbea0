package connector

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/vault"
)

// reminderDays are how many days before the end of a key somebody is reminded of it, the most urgent first.
var reminderDays = []int{1, 7, 14, 30}

// reminderPause is how long a reminder is put off.
const reminderPause = 24 * time.Hour

// Reminder is a word about a key, before it ends: 30, 14, 7 and 1 days before. A key without an end gets one each year.
type Reminder struct {
	// Connections are those that use the key, at least one.
	Connections []Connection
	// Report is the newest report of these.
	Report check.Report
	// Years is how old the key is, if it has no end; else 0.
	Years int

	stage int
}

// Key is the key that the reminder is about.
func (r Reminder) Key() check.KeyInRegion { return r.Connections[0].keyInRegion() }

// ID is the same for the same reminder of the same key.
func (r Reminder) ID() string { return fmt.Sprintf("%v %d", r.Key(), r.stage) }

// Reminders returns a reminder of each key that will end soon, or has no end and is more than a year old: first the one whose key ends
// first. A key that does not work any more needs none; one that cannot read everything does.
func Reminders(all []Connection, now time.Time) (reminders []Reminder) {
	var working []*Connection
	for i := range all {
		if c := &all[i]; c.Trouble == "" && (!c.Report.Broken() || c.Report.Usable()) {
			working = append(working, c)
		}
	}
	for _, ofKey := range grouped(working, (*Connection).keyInRegion) {
		newest := slices.MaxFunc(ofKey, func(a, b *Connection) int { return a.Report.At.Compare(b.Report.At) })
		stage, years := stageOf(newest.Report, now)
		if stage == 0 {
			continue
		}
		r := Reminder{Report: newest.Report, Years: years, stage: stage}
		for _, c := range ofKey {
			r.Connections = append(r.Connections, *c)
		}
		reminders = append(reminders, r)
	}
	slices.SortStableFunc(reminders, func(a, b Reminder) int { // those without an end come last
		return cmp.Or(cmp.Compare(a.Years, b.Years), a.Report.Administrator.KeyExpires.Compare(b.Report.Administrator.KeyExpires))
	})
	return reminders
}

// stageOf returns how many days before its end a key is reminded of now, or minus its age in years if it has no end; 0 for no reminder.
func stageOf(report check.Report, now time.Time) (stage, years int) {
	switch end := report.KeyEnd(now); end.Cause {
	case check.CauseKeyEnd, check.CauseKeyExpires:
		left, err := strconv.Atoi(end.Facts["Days"])
		for _, days := range reminderDays {
			if err == nil && left <= days {
				return days, 0
			}
		}
	case check.CauseKeyEndless:
		if made := report.Administrator.KeyCreated; !made.IsZero() {
			for !made.AddDate(years+1, 0, 0).After(now) {
				years++
			}
		}
		return -years, years
	}
	return 0, 0
}

// Due reports whether nobody was told at this stage yet, or wanted to be told again by now. Who has muted the key is never told.
func (r Reminder) Due(now time.Time) bool {
	for _, c := range r.Connections {
		told := c.Reminded
		alike := (told.Stage < 0) == (r.stage < 0) // a key without an end may have got one
		if told.Muted || alike && told.Stage != 0 && told.Stage <= r.stage && told.Later.IsZero() || now.Before(told.Later) {
			return false
		}
	}
	return true
}

// Reminded is what became of the reminders of a connection's key. It is zero if there was none.
type Reminded struct {
	// Stage is the last reminder: how many days before the end, or minus the age in years.
	Stage int
	// Later is when to remind again, if it was put off.
	Later time.Time
	// Muted says that nobody wants to be reminded of this key.
	Muted bool
}

// ReminderAnswer is what a person wants of the reminders of a key.
type ReminderAnswer int

// The answers.
const (
	ReminderTold  ReminderAnswer = iota // it was shown
	ReminderLater                       // in a day
	ReminderMuted                       // never again of this key
)

// AnswerReminder keeps that a reminder was shown, or what a person wants, with the first connection of its key. It returns the id of that
// connection and what is kept. The error is [ErrReplaced] if the connection was removed or has another key, or that of the keychain.
func (c *Connector) AnswerReminder(ctx context.Context, r Reminder, answer ReminderAnswer) (id string, kept Reminded, err error) {
	first := r.Connections[0]
	for _, one := range r.Connections {
		if one.ID < first.ID { // the same one however they are sorted
			first = one
		}
	}
	kept = Reminded{Stage: r.stage, Muted: answer == ReminderMuted}
	if answer == ReminderLater {
		kept.Later = c.now().Add(reminderPause)
	}
	err = update(ctx, c.vaultOf(ctx, first.ID), first.ID, func(now *vault.Connection) error {
		if now.Fingerprint != first.KeyID {
			return ErrReplaced
		}
		now.Reminded = vault.Reminded{Fingerprint: now.Fingerprint, Stage: kept.Stage, Later: kept.Later, Muted: kept.Muted}
		*now = fitting(*now)
		return nil
	})
	if err != nil {
		return "", Reminded{}, fmt.Errorf("keep the reminder: %w", err)
	}
	return first.ID, kept, nil
}

// handOnMute keeps with another connection of a key that nobody wants to be reminded of it, before the one that has it is removed. If it fails, the
// person is reminded, and can say so again.
func (c *Connector) handOnMute(ctx context.Context, id string) {
	removed, err := c.system.Find(ctx, id)
	if err != nil || !remindedOf(removed).Muted {
		return
	}
	all, _ := c.system.List(ctx, nil)
	i := slices.IndexFunc(all, func(one vault.Connection) bool {
		return one.ID != id && one.Fingerprint == removed.Fingerprint && one.Region == removed.Region
	})
	if i < 0 {
		return
	}
	_ = update(ctx, c.system, all[i].ID, func(now *vault.Connection) error {
		if now.Fingerprint != removed.Fingerprint {
			return ErrReplaced
		}
		now.Reminded = removed.Reminded
		*now = fitting(*now)
		return nil
	})
}

// remindedOf reads what is kept of the reminders of the connection's present key.
func remindedOf(kept vault.Connection) Reminded {
	if kept.Reminded.Fingerprint != kept.Fingerprint {
		return Reminded{}
	}
	return Reminded{Stage: kept.Reminded.Stage, Later: kept.Reminded.Later, Muted: kept.Reminded.Muted}
}
