package wire

import (
	"context"
	"io"
	"net/http"
	"time"
)

// impatient makes an HTTP client that retries at once.
func impatient(transport http.RoundTripper) *http.Client {
	return &http.Client{Transport: &Retry{Base: transport, Wait: func(context.Context, time.Duration) error { return nil }}}
}

// get makes a call with a key, as the client of a service does. It returns the body of a success.
func get(ctx context.Context, h *http.Client, address string) (string, error) {
	return getWith(ctx, h, address, proxiedKey)
}

func getWith(ctx context.Context, h *http.Client, address, key string) (string, error) {
	const path = "/api/applications"
	ctx = Begin(ctx, path)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+path, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("X-Api-Key", key)
	resp, err := h.Do(req)
	if err != nil {
		return "", NoAnswer(req, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", Failed(req, resp, ErrStatus)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		e := Failed(req, resp, networkKind(ctx, err))
		e.Err = detail(err, req)
		return "", e
	}
	return string(body), nil
}
