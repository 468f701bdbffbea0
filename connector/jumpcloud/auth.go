package jumpcloud

import (
	"net/http"

	"controlmap-jumpcloud/connector/secret"
)

// APIKey authenticates with an administrator's API key, in the header x-api-key.
func APIKey(key secret.Secret) Authenticator { return apiKey{key} }

type apiKey struct{ key secret.Secret }

// Authenticate reveals the key into the one place that needs it.
func (a apiKey) Authenticate(req *http.Request) { req.Header.Set("x-api-key", a.key.Reveal()) }
