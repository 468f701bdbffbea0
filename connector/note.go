package connector

import (
	"context"
	"errors"
	"fmt"

	"controlmap-jumpcloud/connector/check"
	"controlmap-jumpcloud/connector/printable"
	"controlmap-jumpcloud/connector/vault"
)

// ErrNoteHoldsKey is the error of a note with an API key in it: notes are shown.
var ErrNoteHoldsKey = errors.New("the note holds an API key")

// KeepNote keeps a note with a connection, in place of the former one, and returns it as it is shown. The error is [ErrNoteHoldsKey],
// [ErrReplaced] if the connection was removed, or that of the keychain.
func (c *Connector) KeepNote(ctx context.Context, id, note string) (string, error) {
	if check.HoldsKey(note) {
		return "", ErrNoteHoldsKey
	}
	note = printable.Line(note)
	err := update(ctx, c.vaultOf(ctx, id), id, func(now *vault.Connection) error {
		now.Note = note
		*now = fitting(*now)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("keep the note: %w", err)
	}
	return note, nil
}
