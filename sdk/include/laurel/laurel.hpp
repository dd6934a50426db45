#pragma once
// Everything.

#include "laurel/engine.hpp"
#include "laurel/pool.hpp"
#include "laurel/redemption.hpp"
#include "laurel/transfer.hpp"
