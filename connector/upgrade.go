package connector

import (
	"context"
	"errors"
	"fmt"

	"controlmap-jumpcloud/connector/keychain"
)

// What schema 1 looked like: each connection and each report in a record of its own.
const (
	oldConnectionPrefix = "connection/"
	oldReportPrefix     = "report/"
)

// oldConnection reads a connection of schema 1.
func (s store) oldConnection(ctx context.Context, id string) (placed, error) {
	p := placed{old: true}
	if err := s.getRecord(ctx, oldConnectionPrefix+id, &p.Connection); err != nil {
		return placed{}, fmt.Errorf("read a connection: %w", err)
	}
	if !isID(p.KeyID) || !isID(p.ReportID) {
		return placed{}, &keychain.Error{Op: "read", Name: oldConnectionPrefix + id, Kind: keychain.ErrDamaged}
	}
	p.asShown()
	p.ID = id
	return p, nil
}

// oldReport reads a report of schema 1, the zero Report where it is lost or damaged.
func (s store) oldReport(ctx context.Context, id string) (Report, error) {
	var r Report
	err := s.getRecord(ctx, oldReportPrefix+id, &r)
	if errors.Is(err, keychain.ErrNotFound) || errors.Is(err, keychain.ErrDamaged) {
		return Report{}, nil
	}
	if err != nil {
		return Report{}, fmt.Errorf("read a report: %w", err)
	}
	return r, nil
}

// upgrade moves the connections of schema 1 to shelves, one by one. It goes on where an earlier one was interrupted.
func (s store) upgrade(ctx context.Context, cat *catalog) error {
	for _, id := range cat.oldConnections {
		p, err := s.oldConnection(ctx, id)
		switch {
		case errors.Is(err, keychain.ErrNotFound): // a crash has left its name only
		case errors.Is(err, keychain.ErrDamaged):
			cat.whole = false // it is shown as damaged, and can be removed
		case err != nil:
			return err
		default:
			if err := s.upgradeOne(ctx, cat, p); err != nil {
				return fmt.Errorf("move a connection of an earlier version: %w", err)
			}
		}
	}
	return nil
}

func (s store) upgradeOne(ctx context.Context, cat *catalog, p placed) error {
	if _, there := withID(cat.all, p.ID); !there {
		report, err := s.oldReport(ctx, p.ReportID)
		if err != nil {
			return err
		}
		if key, err := s.key(ctx, p.KeyID); err == nil {
			p.KeyPrint = fingerprint(key)
		} else if stops(err) && !errors.Is(err, keychain.ErrNotFound) {
			return err
		}
		p.Place, p.old = cat.freePlace(), false
		reports, err := s.readBin(ctx, p.bin())
		if err != nil {
			return err
		}
		if err := s.prepare(ctx, cat, p.shelf()); err != nil {
			return err
		}
		if err := s.place(ctx, *cat, p, report, reports); err != nil {
			return err
		}
		cat.add(p)
	}
	if err := s.Delete(ctx, oldConnectionPrefix+p.ID); err != nil {
		return err
	}
	return s.Delete(ctx, oldReportPrefix+p.ReportID)
}
