//go:build !windows && !(darwin && cgo) && !linux && !freebsd && !netbsd && !openbsd

package pasteboard

import (
	"context"

	"controlmap-jumpcloud/connector/secret"
)

func put(context.Context, secret.Secret, bool) (Claim, error) { return nil, ErrUnsupported }

func read(context.Context, int) (secret.Secret, error) { return secret.Secret{}, ErrUnsupported }
